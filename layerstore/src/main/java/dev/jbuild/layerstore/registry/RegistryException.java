package dev.jbuild.layerstore.registry;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A registry, or the token server it sent us to, did not do what was asked.
///
/// The message names the request; its URL never holds a query, for that is where tokens and signatures
/// travel.
public final class RegistryException extends IOException {
    private static final long serialVersionUID = 1;

    /// What went wrong, as far as it matters for what to do next.
    public enum Kind {
        /// There is no such repository, tag, manifest or blob.
        NOT_FOUND,
        /// The registry wants other credentials than it got, or any at all.
        UNAUTHORIZED,
        /// The credentials are known and do not suffice.
        DENIED,
        /// No answer, or an answer that says to try later, after all attempts.
        UNREACHABLE,
        /// Too many requests.
        RATE_LIMITED,
        /// An answer that the distribution specification does not allow, or that this client cannot use.
        PROTOCOL,
        /// Content whose digest or size is not what was promised.
        CORRUPT,
        /// Nobody was asked: this client makes no connections.
        OFFLINE
    }

    /// One error of a registry's own list: `MANIFEST_UNKNOWN`, "manifest unknown".
    public record Detail(String code, String message) {}

    private final Kind kind;
    private final String method;
    private final String url;
    private final int status;
    private final transient List<Detail> details;

    RegistryException(
            Kind kind,
            String method,
            URI uri,
            int status,
            String problem,
            List<Detail> details,
            @Nullable Throwable cause) {
        super(method + " " + withoutSecrets(uri) + ": " + problem, cause);
        this.kind = kind;
        this.method = method;
        this.url = withoutSecrets(uri);
        this.status = status;
        this.details = List.copyOf(details);
    }

    RegistryException(Kind kind, String method, URI uri, String problem) {
        this(kind, method, uri, 0, problem, List.of(), null);
    }

    public Kind kind() {
        return kind;
    }

    public String method() {
        return method;
    }

    /// The URL of the request, without user and query.
    public String url() {
        return url;
    }

    /// The status of the answer, 0 if there was none.
    public int status() {
        return status;
    }

    /// What the registry itself said.
    public List<Detail> details() {
        return details;
    }

    static String withoutSecrets(URI uri) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        return uri.getScheme() + "://" + authority.substring(authority.lastIndexOf('@') + 1)
                + (uri.getRawPath() == null ? "" : uri.getRawPath());
    }
}
