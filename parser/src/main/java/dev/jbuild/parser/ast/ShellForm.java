package dev.jbuild.parser.ast;

import dev.jbuild.parser.source.Span;
import java.util.List;

/// A command that a shell interprets: the rest of the logical line as written, and the here-documents that follow it.
public record ShellForm(String text, List<Heredoc> heredocs, Span span) implements Command {
    public ShellForm {
        heredocs = List.copyOf(heredocs);
    }

    /// Whether the whole command is one here-document, whose body then is the script: `RUN <<EOF`.
    public boolean isHeredocOnly() {
        return heredocs.size() == 1 && heredocs.getFirst().span().equals(span);
    }

    /// The command with the here-documents' bodies and terminators behind it, as a shell reads it.
    public String fullText() {
        if (heredocs.isEmpty()) {
            return text;
        }
        StringBuilder full = new StringBuilder(text);
        for (Heredoc heredoc : heredocs) {
            full.append('\n').append(heredoc.body()).append(heredoc.name());
        }
        return full.toString();
    }
}
