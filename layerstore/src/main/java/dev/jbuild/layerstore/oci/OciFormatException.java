package dev.jbuild.layerstore.oci;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A manifest, index, configuration or descriptor is not what the specification says.
public final class OciFormatException extends IOException {
    private static final long serialVersionUID = 1;

    private final String document;
    private final String field;

    /// @param document what was read: `manifest`, `index`, `image configuration`, `descriptor`
    /// @param field where it is wrong, `layers[2].digest`; empty if it is the document as a whole
    public OciFormatException(String document, String field, String problem, @Nullable Throwable cause) {
        super("invalid " + document + (field.isEmpty() ? "" : " at " + field) + ": " + problem, cause);
        this.document = document;
        this.field = field;
    }

    public String document() {
        return document;
    }

    public String field() {
        return field;
    }
}
