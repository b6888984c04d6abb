/// What is told of an image beside the image: in-toto statements, and SLSA provenance as one of them. It imports
/// nothing of this module.
@NullMarked
package dev.jbuild.exporter.attestation;

import org.jspecify.annotations.NullMarked;
