package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.content.Fields;

/// What is recorded of a snapshot when it is published.
///
/// @param boot the start of the machine during which it was published
/// @param root whether its root directory has an owner and a mode of its own, or just some
/// @param alone whether it means the same whatever lies below it
/// @param whiteouts whether it may remove something of what lies below it
record Meta(String boot, boolean root, boolean alone, boolean whiteouts) {
    static Meta of(Fields fields) {
        return new Meta(
                fields.required("boot"),
                Boolean.parseBoolean(fields.required("root")),
                Boolean.parseBoolean(fields.required("alone")),
                Boolean.parseBoolean(fields.required("whiteouts")));
    }

    Fields fields() {
        return new Fields()
                .with("boot", boot)
                .with("root", Boolean.toString(root))
                .with("alone", Boolean.toString(alone))
                .with("whiteouts", Boolean.toString(whiteouts));
    }
}
