package dev.jbuild.parser.ast;

import dev.jbuild.parser.source.Span;
import java.util.Locale;

/// One instruction as written. Nothing is expanded here, so every span points at real text.
public sealed interface Instruction
        permits Add,
                Arg,
                Cmd,
                Copy,
                Entrypoint,
                Env,
                Expose,
                From,
                Healthcheck,
                Label,
                Maintainer,
                OnBuild,
                Run,
                Shell,
                StopSignal,
                User,
                Volume,
                Workdir {
    Origin origin();

    /// From the keyword to the end of the last line that belongs to the instruction.
    default Span span() {
        return origin().span();
    }

    /// The instruction's name in upper case.
    default String keyword() {
        return origin().keyword().text().toUpperCase(Locale.ROOT);
    }

    /// The logical line as written, continued lines joined, for progress and history.
    default String text() {
        return origin().text();
    }
}
