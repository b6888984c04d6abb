package dev.jbuild.layerstore.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request, to be sent as often as it takes.
///
/// @param accepted the statuses that are an answer; any other is an error
/// @param body makes the body anew for each attempt
/// @param digested how many bytes sent before the server may look through before it answers
record Call(
        String method,
        Endpoint endpoint,
        Supplier<URI> uri,
        Scopes scopes,
        Map<String, String> headers,
        Set<Integer> accepted,
        @Nullable Body body,
        long digested) {
    /// Begins to send a body.
    @FunctionalInterface
    interface Body {
        BodyPublisher publisher() throws IOException;
    }

    Call(
            String method,
            Endpoint endpoint,
            Supplier<URI> uri,
            Scopes scopes,
            Map<String, String> headers,
            Set<Integer> accepted,
            @Nullable Body body) {
        this(method, endpoint, uri, scopes, headers, accepted, body, 0);
    }

    Call {
        headers = Map.copyOf(headers);
        accepted = Set.copyOf(accepted);
    }

    /// Whether sending it twice does what sending it once does.
    boolean isRead() {
        return method.equals("GET") || method.equals("HEAD");
    }
}
