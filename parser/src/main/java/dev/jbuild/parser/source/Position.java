package dev.jbuild.parser.source;

/// A place in a text as people count it: both numbers begin at one, and a column counts code points.
public record Position(int line, int column) {
    public Position {
        if (line < 1 || column < 1) {
            throw new IllegalArgumentException("not a position: " + line + ":" + column);
        }
    }

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
