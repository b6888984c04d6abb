package dev.jbuild.parser.ast;

import java.util.List;

/// `SHELL ["program", "argument"…]`: what runs shell forms from here on. There is at least the program.
public record Shell(List<String> arguments, Origin origin) implements Instruction {
    public Shell {
        arguments = List.copyOf(arguments);
    }
}
