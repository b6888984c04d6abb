package dev.jbuild.parser.ignore;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Whitespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The patterns of a `.dockerignore` file, or of several `--exclude` flags. The last pattern that matches a path, or
/// a directory above it, decides whether the path is excluded; one that begins with `!` includes it again.
///
/// Paths are relative to the root that the patterns are about, and separated by slashes. Patterns without
/// wildcards, and the forms `**/name` and `dir/**`, are looked up; of the others, if there are many, only
/// those are tried that have their rarest text in common with the path. So it takes no longer to ask about
/// a path if a file has 100,000 different patterns, unless they consist of wildcards and of texts that most
/// paths contain. For use by any number of threads.
public final class IgnoreFile {
    /// So many patterns are tried sooner than an index is made.
    private static final int FEW = 16;

    private final boolean[] negated;
    /// Number of the last pattern that is exactly this path.
    private final Map<String, Integer> exact = new HashMap<>();
    /// Number of the last pattern `**/name` with this name.
    private final Map<String, Integer> anywhere = new HashMap<>();
    /// Number of the last pattern `directory/**` with this directory.
    private final Map<String, Integer> below = new HashMap<>();

    private final List<Rule> others = new ArrayList<>();
    /// The others again, if there are many.
    private final @Nullable LiteralIndex index;
    /// The lines that the patterns stand in; null if they stand in none.
    private final @Nullable Lines lines;

    private final Inclusions inclusions = new Inclusions();

    private record Lines(Source source, List<Integer> offsets) {}

    private IgnoreFile(List<String> patterns, @Nullable Lines lines) {
        this.lines = lines;
        negated = new boolean[patterns.size()];
        // Of equal patterns only the last can decide.
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < negated.length; i++) {
            negated[i] = patterns.get(i).startsWith("!");
            last.put(pattern(patterns, i), i);
        }
        for (int i = 0; i < negated.length; i++) {
            String pattern = pattern(patterns, i);
            if (last.getOrDefault(pattern, i) == i) {
                add(i, pattern);
            }
        }
        index = others.size() > FEW ? new LiteralIndex(others) : null;
    }

    private String pattern(List<String> patterns, int number) {
        return negated[number] ? patterns.get(number).substring(1) : patterns.get(number);
    }

    /// Parses the text of a `.dockerignore`.
    ///
    /// @throws DockerfileException if a line is not a pattern
    public static IgnoreFile parse(String text) {
        return parse(new Source(".dockerignore", text));
    }

    /// As [#parse(String)], with the file's real name for messages.
    public static IgnoreFile parse(Source source) {
        List<String> patterns = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        List<Diagnostic> errors = new ArrayList<>();
        String text = source.text();
        int start = text.startsWith("\uFEFF") ? 1 : 0;
        while (start < text.length()) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline;
            if (text.charAt(start) != '#') {
                int from = Whitespace.skip(text, start, end);
                int to = Whitespace.skipBack(text, from, end);
                addLine(text.substring(from, to), new Span(from, to), patterns, errors);
                if (patterns.size() > offsets.size()) {
                    offsets.add(from);
                }
            }
            start = end + 1;
        }
        if (!errors.isEmpty()) {
            throw new DockerfileException(source, errors);
        }
        return new IgnoreFile(patterns, new Lines(source, offsets));
    }

    private static void addLine(String line, Span span, List<String> patterns, List<Diagnostic> errors) {
        boolean inverted = line.startsWith("!");
        String pattern = clean(Whitespace.strip(inverted ? line.substring(1) : line));
        if (pattern.length() > 1 && pattern.startsWith("/")) {
            pattern = pattern.substring(1);
        }
        if (pattern.isEmpty()) {
            if (inverted) {
                errors.add(Diagnostic.error(
                        "illegal exclusion pattern: \"!\"", span, "write the path to include behind the `!`"));
            }
            return;
        }
        try {
            PathPattern.recursive(pattern);
            patterns.add(inverted ? "!" + pattern : pattern);
        } catch (IllegalArgumentException e) {
            errors.add(Diagnostic.error("bad pattern `" + line + "`: " + e.getMessage(), span, null));
        }
    }

    /// The patterns of `--exclude` flags, with the meaning that they have in a file.
    ///
    /// @throws IllegalArgumentException if one of them has no meaning, naming it
    public static IgnoreFile ofPatterns(List<String> patterns) {
        List<String> cleaned = new ArrayList<>();
        for (String pattern : patterns) {
            String stripped = Whitespace.strip(pattern);
            if (stripped.equals("!")) {
                throw new IllegalArgumentException("illegal exclusion pattern: \"!\"");
            }
            if (stripped.isEmpty()) {
                continue;
            }
            boolean inverted = stripped.startsWith("!");
            String path = clean(inverted ? stripped.substring(1) : stripped);
            try {
                PathPattern.recursive(path);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("bad pattern `" + pattern + "`: " + e.getMessage(), e);
            }
            cleaned.add(inverted ? "!" + path : path);
        }
        return new IgnoreFile(cleaned, null);
    }

    private void add(int number, String pattern) {
        Rule rule = new Rule(number, PathPattern.recursive(pattern));
        if (negated[number]) {
            inclusions.add(rule);
        }
        if (rule.pattern().isLiteral()) {
            exact.put(rule.pattern().literalPrefix(), number);
        } else if (pattern.startsWith("**/") && isName(pattern.substring(3))) {
            anywhere.put(pattern.substring(3), number);
        } else if (pattern.endsWith("/**") && !PathPattern.hasWildcard(pattern.substring(0, pattern.length() - 3))) {
            below.put(pattern.substring(0, pattern.length() - 3), number);
        } else {
            others.add(rule);
        }
    }

    private static boolean isName(String text) {
        return text.indexOf('/') < 0 && !PathPattern.hasWildcard(text);
    }

    /// Whether there is no pattern at all.
    public boolean isEmpty() {
        return negated.length == 0;
    }

    /// Whether the path is not part of the build context. The root itself, an empty path, always is.
    public boolean excludes(String slashPath) {
        int last = lastMatch(slashPath);
        return last >= 0 && !negated[last];
    }

    /// The line that [#excludes] a path, such as `"*.md" in line 3 of .dockerignore`; null if no line does.
    public @Nullable String reason(String path) {
        int last = lastMatch(path);
        Lines file = lines;
        if (last < 0 || negated[last] || file == null) {
            return null;
        }
        int start = file.offsets.get(last);
        String text = file.source.text();
        int end = text.indexOf('\n', start);
        String line = Whitespace.strip(text.substring(start, end < 0 ? text.length() : end));
        return "\"" + line + "\" in line " + file.source.position(start).line() + " of " + file.source.name();
    }

    /// Whether something strictly below the directory may be part of the build context. If not, there is no need to
    /// look into it; that it may be does not mean that it is.
    public boolean mayIncludeBelow(String directory) {
        int last = lastMatch(directory);
        if (last < 0 || negated[last]) {
            return true;
        }
        // What excludes the directory excludes all below it, so that only later patterns can matter.
        return inclusions.mayMatchBelow(directory, last);
    }

    private int lastMatch(String path) {
        int best = -1;
        if (path.isEmpty()) {
            return best;
        }
        for (int start = 0; ; ) {
            int slash = path.indexOf('/', start);
            boolean whole = slash < 0;
            String prefix = whole ? path : path.substring(0, slash);
            best = Math.max(best, exact.getOrDefault(prefix, -1));
            best = Math.max(best, anywhere.getOrDefault(prefix.substring(start), -1));
            if (whole) {
                break;
            }
            best = Math.max(best, below.getOrDefault(prefix, -1));
            start = slash + 1;
        }
        if (index != null) {
            return index.lastMatch(path, best);
        }
        for (int i = others.size() - 1; i >= 0 && others.get(i).number() > best; i--) {
            if (others.get(i).pattern().matchesPathOrParent(path)) {
                return others.get(i).number();
            }
        }
        return best;
    }

    /// The shortest path that means the same, as Go's `filepath.Clean` makes it: `.` for nothing.
    private static String clean(String path) {
        if (path.isEmpty()) {
            return path;
        }
        boolean rooted = path.startsWith("/");
        List<String> names = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..") && !names.isEmpty() && !names.getLast().equals("..")) {
                names.removeLast();
            } else if (name.equals("..") ? !rooted : !name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        String joined = String.join("/", names);
        return rooted ? "/" + joined : joined.isEmpty() ? "." : joined;
    }
}
