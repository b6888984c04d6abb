package dev.jbuild.parser;

import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Whitespace;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The frontend image that `# syntax=` or the build argument `BUILDKIT_SYNTAX` asks for.
///
/// No frontend is ever run. `docker/dockerfile` is what this parser is, so it passes, under any registry's name, up to
/// the version that is implemented; a newer one is worth a warning, and a frontend for another language an error.
final class Frontend {
    /// The value of `BUILDKIT_SYNTAX` that asks for no image.
    static final String BUILT_IN = "dockerfile.v0";
    /// The minor version of `docker/dockerfile:1` whose language this is.
    static final int MINOR = 20;

    private static final String ON =
            "to read it as a Dockerfile all the same, pass --build-arg BUILDKIT_SYNTAX=" + BUILT_IN;

    private Frontend() {}

    /// Checks what the file asks for.
    ///
    /// @param override the value of the build argument `BUILDKIT_SYNTAX`, which wins over the file; null without it
    /// @param warnings where to note a version that is newer than this parser
    /// @throws SyntaxException if it asks for another language
    static void check(Source source, @Nullable String override, List<Diagnostic> warnings) throws SyntaxException {
        boolean given = override != null && !override.isBlank();
        Word wanted = override != null && given ? new Word(override.strip(), new Span(0, 0)) : find(source.text());
        if (wanted == null) {
            return;
        }
        Word image = firstWord(wanted);
        String asked = Quoted.of(given ? "BUILDKIT_SYNTAX=" + image.text() : "syntax=" + image.text());
        if (given && image.text().equals(BUILT_IN)) {
            return;
        }
        String reference = image.text();
        int digest = reference.indexOf('@');
        String name = digest < 0 ? reference : reference.substring(0, digest);
        int colon = name.lastIndexOf(':');
        String tag = colon > name.lastIndexOf('/') ? name.substring(colon + 1) : "";
        if (!isOurs(tag.isEmpty() ? name : name.substring(0, colon))) {
            throw new SyntaxException(
                    asked + " asks for a frontend image other than docker/dockerfile, and frontend images are not run:"
                            + " only Dockerfiles can be built",
                    image.span(),
                    given ? "leave the build argument out, or pass BUILDKIT_SYNTAX=" + BUILT_IN : ON);
        }
        if (!tag.isEmpty() && !isKnown(tag)) {
            warnings.add(Diagnostic.warning(
                    "",
                    asked + " asks for a Dockerfile language that jbuild does not know: the file is read as"
                            + " docker/dockerfile:1." + MINOR + " would read it",
                    image.span(),
                    "what that version adds or changes is an error or has no effect"));
        }
    }

    /// Whether a repository is Docker's own or a mirror of it, which has a registry and folders before the name.
    private static boolean isOurs(String repository) {
        String slashed = "/" + repository;
        return slashed.endsWith("/docker/dockerfile") || slashed.endsWith("/docker/dockerfile-upstream");
    }

    private static boolean isKnown(String tag) {
        switch (tag) {
            case "1", "latest", "stable", "master", "labs", "master-labs", "experimental" -> {
                return true;
            }
            default -> {}
        }
        Matcher version = Pattern.compile("([0-9]{1,9})(?:\\.([0-9]{1,9})(?:\\.[0-9]+)?)?"
                        + "(?:-(?:rc|beta)[0-9]*)?(?:-(?:labs|experimental))?")
                .matcher(tag);
        if (!version.matches()) {
            return false;
        }
        int major = Integer.parseInt(version.group(1));
        int minor = version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
        return major < 1 || (major == 1 && minor <= MINOR);
    }

    /// What the file says: `# syntax=…`, else `// syntax=…` in place of that, else JSON with a field `syntax`, for
    /// files of other languages may have other comments.
    private static @Nullable Word find(String text) {
        int first = text.startsWith("\uFEFF") ? 1 : 0;
        for (String comment : new String[] {"#", "//"}) {
            Word syntax = directive(text, first, comment);
            if (syntax != null) {
                return syntax;
            }
        }
        int start = text.startsWith("#!", first) ? endOfLine(text, first) : first;
        start = Whitespace.skip(text, start, text.length());
        if (!text.startsWith("{", start)) {
            return null;
        }
        Matcher json = Pattern.compile("\"syntax\"\\s*:\\s*\"([^\"\\\\]*)\"")
                .matcher(text)
                .region(start, text.length());
        return json.find() ? new Word(json.group(1), new Span(json.start(1), json.end(1))) : null;
    }

    private static @Nullable Word directive(String text, int first, String comment) {
        DirectiveReader reader = new DirectiveReader(text, first, comment);
        int end;
        for (int start = first; start < text.length(); start = end) {
            end = endOfLine(text, start);
            int from = Whitespace.skip(text, start, end);
            try {
                if (!reader.read(from, Whitespace.skipBack(text, from, end))) {
                    break;
                }
            } catch (SyntaxException e) {
                // Said when the file itself is read; what stands before it counts here.
                break;
            }
        }
        return reader.directives().syntax();
    }

    private static int endOfLine(String text, int start) {
        int newline = text.indexOf('\n', start);
        return newline < 0 ? text.length() : newline + 1;
    }

    private static Word firstWord(Word value) {
        int end = value.text().indexOf(' ');
        if (end < 0) {
            return value;
        }
        Span span = value.span();
        boolean written = span.end() > span.start();
        return new Word(value.text().substring(0, end), written ? new Span(span.start(), span.start() + end) : span);
    }
}
