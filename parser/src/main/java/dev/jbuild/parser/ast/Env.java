package dev.jbuild.parser.ast;

import java.util.List;

/// `ENV KEY=VALUE…` or the legacy `ENV KEY VALUE`.
public record Env(List<KeyValue> variables, Origin origin) implements Instruction {
    public Env {
        variables = List.copyOf(variables);
    }
}
