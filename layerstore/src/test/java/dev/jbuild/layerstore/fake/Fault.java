package dev.jbuild.layerstore.fake;

import java.util.Map;

/// Something that goes wrong with one answer of a [FakeRegistry].
public sealed interface Fault {
    /// Another status, with these headers and this body.
    record Status(int status, Map<String, String> headers, String body) implements Fault {
        public Status {
            headers = Map.copyOf(headers);
        }

        public Status(int status) {
            this(status, Map.of(), "");
        }
    }

    /// The connection ends after so many bytes of the body.
    record CutAfter(int bytes) implements Fault {}

    /// The body ends after so many bytes, and the header says so.
    record TruncateTo(int bytes) implements Fault {}

    /// The connection falls silent after so many bytes of the body, until the registry is closed.
    record StallAfter(int bytes) implements Fault {}

    /// The first byte of the body is another one.
    record FlipFirstByte() implements Fault {}

    /// There are more bytes than there should be.
    record Append(String text) implements Fault {}

    /// A range is not honoured: the whole body comes instead.
    record IgnoreRange() implements Fault {}
}
