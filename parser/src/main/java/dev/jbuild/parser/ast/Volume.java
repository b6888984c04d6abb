package dev.jbuild.parser.ast;

import java.util.List;

/// `VOLUME PATH…`, as words or as a JSON array.
public record Volume(List<Word> paths, Origin origin) implements Instruction {
    public Volume {
        paths = List.copyOf(paths);
    }
}
