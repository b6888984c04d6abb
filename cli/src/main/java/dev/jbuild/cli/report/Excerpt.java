package dev.jbuild.cli.report;

import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;

/// The lines of a Dockerfile that a message is about, as BuildKit shows them, with the exact words underlined.
final class Excerpt {
    private static final String RULE = "--------------------";
    private static final int MAX_LINES = 20;
    private static final int LAST_LINES = 3;
    private static final int MAX_COLUMNS = 160;
    private static final int BEFORE_SPAN = 40;

    private final Source source;
    private final Span span;
    private final boolean colour;

    Excerpt(Source source, Span span, boolean colour) {
        int length = source.text().length();
        this.source = source;
        this.span = new Span(Math.min(span.start(), length), Math.min(span.end(), length));
        this.colour = colour;
    }

    void appendTo(StringBuilder text) {
        int first = source.position(span.start()).line();
        // A span that takes its line's end along is not about the next line.
        int last = source.position(Math.max(span.start(), span.end() - 1)).line();
        int around = first == last ? 2 : 1;
        int end = Math.min(Math.max(last, linesWorthShowing()), last + around);
        text.append(TerminalText.plain(source.place(span.start()))).append('\n');
        text.append(RULE).append('\n');
        for (int line = Math.max(1, first - around); line <= end; line++) {
            if (last - first > MAX_LINES && line == first + MAX_LINES - LAST_LINES) {
                int next = last - LAST_LINES + 1;
                text.append("     | >>> … ").append(next - line).append(" more lines\n");
                line = next;
            }
            boolean meant = line >= first && line <= last;
            append(line, meant, meant && first == last, text);
        }
        text.append(RULE).append('\n');
    }

    private int linesWorthShowing() {
        int count = source.lineCount();
        return count > 1 && source.line(count).isEmpty() ? count - 1 : count;
    }

    private void append(int number, boolean meant, boolean underline, StringBuilder text) {
        String line = source.line(number).replace('\r', ' ');
        // In UTF-16 units; what is after them matters only on the line that the span begins in.
        int from = line.offsetByCodePoints(
                0, Math.min(source.position(span.start()).column() - 1, line.codePointCount(0, line.length())));
        int cut = underline && TerminalText.width(line) > MAX_COLUMNS && from > BEFORE_SPAN ? from - BEFORE_SPAN : 0;
        String lead = cut > 0 ? "…" : "";
        String shown = TerminalText.fit(lead + TerminalText.plain(line.substring(cut)), MAX_COLUMNS);
        String digits = Integer.toString(number);
        text.repeat(' ', Math.max(1, 4 - digits.length())).append(digits).append(" | ");
        text.append(meant ? Ink.RED.on(">>>", colour) : "   ");
        text.append(shown.isEmpty() ? "" : " " + shown).append('\n');
        if (underline && !coversAll(line, from)) {
            int before = TerminalText.width(lead + TerminalText.plain(line.substring(cut, from)));
            int to = Math.min(from + span.end() - span.start(), line.length());
            int wanted = TerminalText.width(TerminalText.plain(line.substring(cut, to))) + lead.length() - before;
            int carets = Math.max(1, Math.min(wanted, MAX_COLUMNS - before));
            text.append("     |     ").repeat(' ', before);
            text.append(Ink.RED.on("^".repeat(carets), colour)).append('\n');
        }
    }

    // An instruction as a whole needs no underline: the marker says it already.
    private boolean coversAll(String line, int from) {
        int length = span.end() - span.start();
        return !line.isBlank()
                && line.substring(0, from).isBlank()
                && length >= line.stripTrailing().length() - from;
    }
}
