package dev.jbuild.solver.plan;

import dev.jbuild.parser.source.Suggestion;
import dev.jbuild.solver.graph.Op.GitSource.FileTimes;
import dev.jbuild.solver.graph.RemoteAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the fragment and the query of a git URL say, put together.
final class GitQuery {
    private static final List<String> NAMES = List.of(
            "ref",
            "tag",
            "branch",
            "subdir",
            "checksum",
            "commit",
            "keep-git-dir",
            "submodules",
            "mtime",
            "fetch-by-commit");

    private final Map<String, String> values = new LinkedHashMap<>();
    private String ref = "";
    private String subdirectory = "";

    void fragment(String newRef, String newSubdirectory) {
        ref = newRef;
        subdirectory = newSubdirectory;
    }

    void read(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return;
        }
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8);
            String value = equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
            if (!NAMES.contains(name)) {
                String near = Suggestion.didYouMean(name, NAMES);
                throw new IllegalArgumentException(
                        "unexpected query \"" + name + "\" in a git URL: " + (near == null ? allowed() : near));
            }
            if (value.isEmpty() && !isFlag(name)) {
                throw new IllegalArgumentException("query \"" + name + "\" of a git URL has no value");
            }
            if (values.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("query \"" + name + "\" of a git URL has multiple values");
            }
        }
    }

    private static boolean isFlag(String name) {
        return name.equals("keep-git-dir") || name.equals("submodules") || name.equals("fetch-by-commit");
    }

    private static String allowed() {
        return "there are " + String.join(", ", NAMES);
    }

    GitUrl url(RemoteAddress remote) {
        String reference = one("ref", ref, values.get("ref"));
        String tag = values.get("tag");
        String branch = values.get("branch");
        if (tag != null && branch != null) {
            throw new IllegalArgumentException("branch conflicts with tag: give one of them");
        }
        reference = one("ref", reference, below("refs/tags/", tag));
        reference = one("ref", reference, below("refs/heads/", branch));
        String checksum = values.get("checksum");
        String commit = values.get("commit");
        if (checksum != null && commit != null && !checksum.equals(commit)) {
            throw new IllegalArgumentException("checksum conflicts with commit: give one of them");
        }
        String pinned = checksum == null ? commit : checksum;
        if (reference.isEmpty() && pinned != null) {
            reference = pinned;
        }
        return new GitUrl(
                remote,
                reference,
                one("subdir", subdirectory, values.get("subdir")),
                pinned,
                flag("keep-git-dir"),
                flag("submodules"),
                times(),
                Boolean.TRUE.equals(flag("fetch-by-commit")));
    }

    private static String one(String name, String first, @Nullable String second) {
        if (second == null || first.equals(second)) {
            return first;
        }
        if (!first.isEmpty()) {
            throw new IllegalArgumentException(name + " conflicts: \"" + first + "\" vs \"" + second + '"');
        }
        return second;
    }

    private static @Nullable String below(String prefix, @Nullable String name) {
        return name == null || name.startsWith(prefix) ? name : prefix + name;
    }

    private @Nullable Boolean flag(String name) {
        String value = values.get(name);
        return switch (value) {
            case null -> null;
            case "", "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default ->
                throw new IllegalArgumentException("invalid " + name + " value: \"" + value + "\": true or false");
        };
    }

    private FileTimes times() {
        return switch (values.getOrDefault("mtime", "checkout")) {
            case "checkout" -> FileTimes.CHECKOUT;
            case "commit" -> FileTimes.COMMIT;
            default ->
                throw new IllegalArgumentException(
                        "invalid mtime value: \"" + values.get("mtime") + "\": checkout or commit");
        };
    }
}
