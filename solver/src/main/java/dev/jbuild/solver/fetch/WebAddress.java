package dev.jbuild.solver.fetch;

import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.plan.RemoteSourceException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/// URLs as people write them, turned into what a URL may be.
final class WebAddress {
    private static final String ALLOWED = "-._~:/?#[]@!$&'()*+,;=%";

    private WebAddress() {}

    /// The address as a URI; what may not stand in one, such as a space, is escaped.
    static URI parse(RemoteAddress url) {
        try {
            URI uri = new URI(escaped(url.text()));
            String scheme = String.valueOf(uri.getScheme());
            if ((scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https")) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Its message would repeat the address with a login in it.
            throw new RemoteSourceException("not a URL: " + url + ": " + e.getReason(), null);
        }
        throw new RemoteSourceException("not a URL with a host: " + url, null);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= '0' && c <= '9')
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || ALLOWED.indexOf(c) >= 0;
            if (plain) {
                escaped.append(c);
            } else {
                escaped.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return escaped.toString();
    }
}
