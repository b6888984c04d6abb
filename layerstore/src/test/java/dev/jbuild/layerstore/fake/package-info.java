/// Stand-ins for what the layer store talks to, for the tests of this and of other modules.
@NullMarked
package dev.jbuild.layerstore.fake;

import org.jspecify.annotations.NullMarked;
