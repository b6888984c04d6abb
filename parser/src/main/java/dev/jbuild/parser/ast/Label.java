package dev.jbuild.parser.ast;

import java.util.List;

/// `LABEL KEY=VALUE…` or the legacy `LABEL KEY VALUE`.
public record Label(List<KeyValue> labels, Origin origin) implements Instruction {
    public Label {
        labels = List.copyOf(labels);
    }
}
