/// The store on disk: one directory, many processes.
/// May import every other package of this module.
@NullMarked
package dev.jbuild.layerstore;

import org.jspecify.annotations.NullMarked;
