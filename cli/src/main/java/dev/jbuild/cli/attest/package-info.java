/// From what a build did to what is told of it: provenance and lists of packages. It imports `report`, and gives the
/// exporter plain values.
@NullMarked
package dev.jbuild.cli.attest;

import org.jspecify.annotations.NullMarked;
