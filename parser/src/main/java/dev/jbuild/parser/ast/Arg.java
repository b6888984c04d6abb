package dev.jbuild.parser.ast;

import java.util.List;

/// `ARG NAME[=DEFAULT]…`, in a stage or, before the first `FROM`, global.
public record Arg(List<ArgDefinition> definitions, Origin origin) implements Instruction {
    public Arg {
        definitions = List.copyOf(definitions);
    }
}
