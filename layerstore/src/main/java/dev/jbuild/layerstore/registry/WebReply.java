package dev.jbuild.layerstore.registry;

import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.Optional;

/// The answer to a download: the file, or that it has not changed.
///
/// @param notModified whether the server says that what the caller has is still it; there is no body then
/// @param body gives up on a silent server; whoever gets it need not close it
public record WebReply(boolean notModified, HttpHeaders headers, InputStream body) {
    /// The first header of this name, in any case.
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /// How many bytes the server says there are, -1 if it does not say.
    public long size() {
        return headers.firstValueAsLong("Content-Length").orElse(-1);
    }
}
