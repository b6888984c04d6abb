package dev.jbuild.parser.source;

/// A stretch of a [Source]'s text, as offsets in UTF-16 units. The end is exclusive, and equals the start for a place
/// between two characters.
public record Span(int start, int end) {
    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("not a span: " + start + " to " + end);
        }
    }

    /// The smallest span that covers this one and the other.
    public Span to(Span other) {
        return new Span(Math.min(start, other.start), Math.max(end, other.end));
    }
}
