/// One exporter a kind of output.
/// May import the layer store.
@NullMarked
package dev.jbuild.exporter;

import org.jspecify.annotations.NullMarked;
