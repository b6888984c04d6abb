/// The commands on images: list them, look at them, name and remove them, move them in and out of the store.
/// May import `report`, `command` and every other module.
@NullMarked
package dev.jbuild.cli.image;

import org.jspecify.annotations.NullMarked;
