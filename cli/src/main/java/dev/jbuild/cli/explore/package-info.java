/// What is inside an image: which layer brought, changed or removed which file, as values, and as a page,
/// JSON and text. May import `report` of this module.
@NullMarked
package dev.jbuild.cli.explore;

import org.jspecify.annotations.NullMarked;
