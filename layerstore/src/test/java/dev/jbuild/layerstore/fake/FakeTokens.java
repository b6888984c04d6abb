package dev.jbuild.layerstore.fake;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Who may do what in a [FakeRegistry], and the tokens that say so.
final class FakeTokens {
    /// How the registry wants to be asked.
    enum Mode {
        OPEN,
        BASIC,
        TOKEN
    }

    private final Map<String, Set<String>> granted = new ConcurrentHashMap<>();
    private final AtomicInteger issued = new AtomicInteger();
    private volatile Mode mode = Mode.OPEN;
    private volatile String login = "";
    private volatile String identityToken = "";
    private volatile boolean anonymousPull;

    void require(Mode newMode, String user, String password, boolean newAnonymousPull) {
        mode = newMode;
        login = user + ":" + password;
        anonymousPull = newAnonymousPull;
    }

    void identityToken(String token) {
        identityToken = token;
    }

    void expire() {
        granted.clear();
    }

    int issued() {
        return issued.get();
    }

    /// What to answer to a request that does not suffice, null if it does.
    @Nullable
    String challenge(String host, String repository, String action, @Nullable String authorization) {
        String scope = "repository:" + repository + ":" + action;
        return switch (mode) {
            case OPEN -> null;
            case BASIC -> isLogin(authorization) ? null : "Basic realm=\"fake\"";
            case TOKEN -> {
                String token = authorization == null ? "" : authorization.replaceFirst("^Bearer ", "");
                Set<String> scopes = granted.getOrDefault(token, Set.of());
                boolean allowed = Arrays.stream(action.split(",", -1))
                        .allMatch(one -> scopes.contains("repository:" + repository + ":" + one));
                yield allowed
                        ? null
                        : "Bearer realm=\"http://" + host + "/token?x=1\",service=\"fake, inc\",scope=\"" + scope
                                + "\"";
            }
        };
    }

    /// Issues a token, or returns null if the login is wrong.
    @Nullable
    String issue(List<String> scopes, @Nullable String authorization, @Nullable String refreshToken) {
        boolean known = isLogin(authorization) || (refreshToken != null && refreshToken.equals(identityToken));
        if (!known && (authorization != null || refreshToken != null || !anonymousPull)) {
            return null;
        }
        Set<String> grants = new HashSet<>();
        for (String scope : scopes) {
            int colon = scope.lastIndexOf(':');
            for (String action : scope.substring(colon + 1).split(",", -1)) {
                if (known || action.equals("pull")) {
                    grants.add(scope.substring(0, colon + 1) + action);
                }
            }
        }
        String token = "token-" + issued.incrementAndGet();
        granted.put(token, grants);
        return token;
    }

    private boolean isLogin(@Nullable String authorization) {
        String expected = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        return ("Basic " + expected).equals(authorization);
    }
}
