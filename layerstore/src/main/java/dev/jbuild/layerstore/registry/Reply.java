package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.registry.RegistryException.Detail;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The answer to one request. Whoever gets one reads its body to the end or closes it.
record Reply(URI uri, int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
    private static final int MAX_ERROR = 64 << 10;

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /// The registry's list of errors in the body, empty if there is none.
    List<Detail> readDetails() {
        List<Detail> details = new ArrayList<>();
        try (body) {
            Map<?, ?> error = LooseJson.object(body.readNBytes(MAX_ERROR));
            if (error.get("errors") instanceof List<?> list) {
                for (Object element : list) {
                    if (element instanceof Map<?, ?> map) {
                        details.add(new Detail(LooseJson.text(map, "code"), LooseJson.text(map, "message")));
                    }
                }
            } else if (!LooseJson.text(error, "details").isEmpty()) {
                details.add(new Detail("", LooseJson.text(error, "details")));
            }
        } catch (IOException e) {
            // A proxy's page, or nothing: the status alone must tell then.
            return List.of();
        }
        return details;
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
