package dev.jbuild.solver.graph;

/// One named input of an operation, as it stands in a cache key and in the explanation of a cache miss.
///
/// Names and values are text; no value is ever a secret.
public record KeyPart(String name, String value) {
    /// A part whose value is a list, joined so that no two lists look the same.
    public static KeyPart list(String name, Iterable<String> values) {
        StringBuilder joined = new StringBuilder();
        for (String value : values) {
            joined.append(value.length()).append(':').append(value).append(' ');
        }
        return new KeyPart(name, joined.toString());
    }
}
