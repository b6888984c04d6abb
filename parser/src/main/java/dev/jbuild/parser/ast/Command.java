package dev.jbuild.parser.ast;

import dev.jbuild.parser.source.Span;

/// What `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK CMD` run.
public sealed interface Command permits ShellForm, ExecForm {
    Span span();
}
