package dev.jbuild.solver.plan;

import java.util.ArrayDeque;
import java.util.Deque;

/// Paths as they stand in instructions: always `/`, cleaned, and never above the root.
final class Paths {
    private Paths() {}

    /// `path` as seen from the directory `base`, without `.`, `..` and trailing slash.
    static String absolute(String path, String base) {
        Deque<String> parts = new ArrayDeque<>();
        String whole = path.startsWith("/") ? path : base + "/" + path;
        for (String part : whole.split("/", -1)) {
            switch (part) {
                case "", "." -> {}
                case ".." -> parts.pollLast();
                default -> parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    /// The destination of COPY: as [#absolute], but one that is meant to be a directory keeps its slash.
    static String destination(String path, String base) {
        String absolute = absolute(path, base);
        boolean directory = path.isEmpty()
                || path.endsWith("/")
                || path.equals(".")
                || path.endsWith("/.")
                || path.equals("..")
                || path.endsWith("/..");
        return directory && !absolute.endsWith("/") ? absolute + "/" : absolute;
    }
}
