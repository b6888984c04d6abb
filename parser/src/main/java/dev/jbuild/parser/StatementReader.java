package dev.jbuild.parser;

import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Suggestion;
import dev.jbuild.parser.word.HeredocMarker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads statements, each with the here-documents that it announces.
final class StatementReader {
    private final LogicalLines lines;
    private final List<Diagnostic> warnings;

    StatementReader(LogicalLines lines, List<Diagnostic> warnings) {
        this.lines = lines;
        this.warnings = warnings;
    }

    /// The next statement, or null at the end.
    ///
    /// @throws SyntaxException if a directive is wrong or a here-document does not end
    @Nullable
    Statement read() throws SyntaxException {
        LogicalLine line = lines.read();
        if (line == null) {
            return null;
        }
        Statement statement = Statement.read(line, lines.escape(), 0, warnings);
        Span empty = line.emptyContinuation();
        if (empty != null) {
            warnings.add(Diagnostic.warning(
                    "NoEmptyContinuation",
                    "empty continuation line: it will become an error in a future release",
                    empty,
                    "remove the line, or the escape character before it"));
        }
        if (!takesHeredocs(statement, line)) {
            return statement;
        }
        List<Heredoc> heredocs = new ArrayList<>();
        for (HeredocMarker marker : HeredocMarker.find(line.text().text())) {
            Span span = marker.span();
            heredocs.add(lines.heredoc(marker, line.text().span(span.start(), span.end())));
        }
        return heredocs.isEmpty() ? statement : statement.with(heredocs, lines.end());
    }

    private boolean takesHeredocs(Statement statement, LogicalLine line) {
        String name = statement.name();
        if (name.equals("ONBUILD")) {
            Statement trigger = Statement.read(line, lines.escape(), statement.argumentsStart(), new ArrayList<>());
            return Keywords.takesHeredocs(trigger.name()) && trigger.json() == null;
        }
        if (!Keywords.ALL.contains(name)) {
            // The lines of a here-document behind a misspelt keyword are no instructions either.
            String meant = Suggestion.nearest(name, Keywords.ALL);
            name = meant == null ? name : meant;
        }
        return Keywords.takesHeredocs(name) && statement.json() == null;
    }
}
