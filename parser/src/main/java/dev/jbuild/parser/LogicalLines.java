package dev.jbuild.parser;

import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.ParserDirectives;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Whitespace;
import dev.jbuild.parser.word.HeredocMarker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a source line by line: directives, comments, continuations, here-document bodies.
final class LogicalLines {
    private static final int MAX_LINE_BYTES = 65_535;

    private final Source source;
    private final String text;
    private final DirectiveReader directives;
    private List<Word> comments = new ArrayList<>();

    /// Start of the next physical line, and the bounds of the current one without its line ending.
    private int next;

    private int start;
    private int end;

    LogicalLines(Source source) throws SyntaxException {
        this.source = source;
        this.text = source.text();
        this.next = text.startsWith("\uFEFF") ? 1 : 0;
        this.directives = new DirectiveReader(text, next);
        checkLineLengths();
    }

    private void checkLineLengths() throws SyntaxException {
        for (int from = 0; from < text.length(); ) {
            int newline = text.indexOf('\n', from);
            int to = newline < 0 ? text.length() : newline;
            // A character takes at most three bytes for each of its UTF-16 units.
            if ((to - from) * 3L > MAX_LINE_BYTES
                    && text.substring(from, to).getBytes(StandardCharsets.UTF_8).length > MAX_LINE_BYTES) {
                throw new SyntaxException(
                        "dockerfile line greater than max allowed size of " + MAX_LINE_BYTES + " bytes",
                        new Span(from, from),
                        "end the line with " + directives.escape() + " and continue it on the next");
            }
            from = to + 1;
        }
    }

    ParserDirectives directives() {
        return directives.directives();
    }

    char escape() {
        return directives.escape();
    }

    /// The next logical line, or null at the end of the source.
    ///
    /// @throws SyntaxException if a parser directive is wrong; reading can go on
    @Nullable
    LogicalLine read() throws SyntaxException {
        while (nextPhysicalLine()) {
            int from = Whitespace.skip(text, start, end);
            if (directives.read(from, end)) {
                continue;
            }
            if (from == end) {
                continue;
            }
            if (text.charAt(from) == '#') {
                addComment(from + 1);
                continue;
            }
            return join(from);
        }
        return null;
    }

    private void addComment(int from) {
        int commentStart = Whitespace.skip(text, from, end);
        int commentEnd = Whitespace.skipBack(text, commentStart, end);
        if (commentStart == commentEnd) {
            comments.clear();
        } else {
            comments.add(new Word(text.substring(commentStart, commentEnd), new Span(commentStart, commentEnd)));
        }
    }

    private LogicalLine join(int from) {
        List<Word> before = comments;
        comments = new ArrayList<>();
        MappedText.Builder joined = new MappedText.Builder(from);
        Span empty = null;
        int continued = continuation(from);
        joined.append(text, from, continued < 0 ? end : continued, from);
        int lastEnd = end;
        while (continued >= 0 && nextPhysicalLine()) {
            int first = Whitespace.skip(text, start, end);
            if (first == end) {
                empty = empty == null ? new Span(start, end) : empty;
            } else if (text.charAt(first) != '#') {
                continued = continuation(start);
                joined.append(text, start, continued < 0 ? end : continued, start);
                lastEnd = end;
            }
        }
        return new LogicalLine(joined.build(), before, lastEnd, empty);
    }

    /// Where the escape character stands that continues the current line, or -1. Two of them are an escaped escape
    /// character and continue nothing.
    private int continuation(int from) {
        int last = end - 1;
        while (last >= from && (text.charAt(last) == ' ' || text.charAt(last) == '\t')) {
            last--;
        }
        boolean continues =
                last >= from && text.charAt(last) == escape() && (last == from || text.charAt(last - 1) != escape());
        return continues ? last : -1;
    }

    /// Reads the body of a here-document, which begins on the next physical line.
    ///
    /// @param markerSpan where its marker stands in the source
    /// @throws SyntaxException if its terminator does not come; nothing is left to read then
    Heredoc heredoc(HeredocMarker marker, Span markerSpan) throws SyntaxException {
        int bodyStart = next;
        while (nextPhysicalLine()) {
            int from = start;
            while (marker.chomp() && from < end && text.charAt(from) == '\t') {
                from++;
            }
            if (end - from == marker.name().length() && text.startsWith(marker.name(), from)) {
                return new Heredoc(
                        marker.name(),
                        marker.expand(),
                        marker.chomp(),
                        marker.fileDescriptor(),
                        text.substring(bodyStart, start),
                        markerSpan,
                        new Span(bodyStart, start));
            }
        }
        throw new SyntaxException(
                "unterminated heredoc",
                markerSpan,
                "end it with a line that is only " + Quoted.of(marker.name()) + indentationHint(marker, bodyStart));
    }

    /// What is wrong with a line that nearly is the terminator.
    private String indentationHint(HeredocMarker marker, int bodyStart) {
        for (int from = bodyStart; from < text.length(); ) {
            int newline = text.indexOf('\n', from);
            int to = newline < 0 ? text.length() : newline;
            if (Whitespace.strip(text.substring(from, to)).equals(marker.name())) {
                return "; line " + source.position(from).line() + " has blanks around it"
                        + (marker.chomp() ? ", and `<<-` removes tabs only" : "");
            }
            from = to + 1;
        }
        return "";
    }

    /// The end of the physical line that was read last.
    int end() {
        return end;
    }

    private boolean nextPhysicalLine() {
        if (next >= text.length()) {
            return false;
        }
        start = next;
        int newline = text.indexOf('\n', start);
        next = newline < 0 ? text.length() : newline + 1;
        end = newline < 0 ? text.length() : newline;
        while (end > start && text.charAt(end - 1) == '\r') {
            end--;
        }
        return true;
    }
}
