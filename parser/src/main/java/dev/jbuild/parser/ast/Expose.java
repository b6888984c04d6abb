package dev.jbuild.parser.ast;

import java.util.List;

/// `EXPOSE PORT[/PROTOCOL]…`. One word may expand to several ports.
public record Expose(List<Word> ports, Origin origin) implements Instruction {
    public Expose {
        ports = List.copyOf(ports);
    }
}
