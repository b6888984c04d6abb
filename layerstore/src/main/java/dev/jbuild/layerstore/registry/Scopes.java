package dev.jbuild.layerstore.registry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What a token allows, `repository:library/busybox:pull,push`: sorted, one scope for each resource.
record Scopes(List<String> scopes) {
    Scopes {
        scopes = merge(scopes);
    }

    static Scopes pull(String repository) {
        return new Scopes(List.of("repository:" + repository + ":pull"));
    }

    static Scopes push(String repository) {
        return new Scopes(List.of("repository:" + repository + ":pull,push"));
    }

    /// These and those.
    Scopes plus(List<String> more) {
        return new Scopes(Stream.concat(scopes.stream(), more.stream()).toList());
    }

    private static List<String> merge(List<String> scopes) {
        Map<String, SortedSet<String>> actions = new TreeMap<>();
        for (String scope : scopes) {
            // The resource's name may itself have colons: a registry's port.
            int colon = scope.lastIndexOf(':');
            if (colon > 0) {
                actions.computeIfAbsent(scope.substring(0, colon), resource -> new TreeSet<>())
                        .addAll(Arrays.asList(scope.substring(colon + 1).split(",", -1)));
            }
        }
        return actions.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + String.join(",", entry.getValue()))
                .toList();
    }
}
