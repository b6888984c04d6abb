package dev.jbuild.parser.ast;

import dev.jbuild.parser.source.Span;

/// A here-document, `[FD]<<[-]WORD` and the lines up to `WORD`.
///
/// @param name the word with its quotes removed
/// @param expand false if any part of the word was quoted
/// @param chomp whether tabs before each line do not count, as `<<-` says
/// @param fileDescriptor the number before `<<`, or 0
/// @param body the lines exactly as written, line endings and tabs included, without the terminator
/// @param span the marker in the instruction's line
/// @param bodySpan the body
public record Heredoc(
        String name, boolean expand, boolean chomp, int fileDescriptor, String body, Span span, Span bodySpan) {

    /// The body as a file's content: with `<<-`, without the tabs that begin its lines.
    public String content() {
        if (!chomp || body.indexOf('\t') < 0) {
            return body;
        }
        StringBuilder chomped = new StringBuilder(body.length());
        boolean lineStart = true;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c == '\t' && lineStart) {
                continue;
            }
            lineStart = c == '\n';
            chomped.append(c);
        }
        return chomped.toString();
    }
}
