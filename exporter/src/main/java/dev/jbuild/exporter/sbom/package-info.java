/// Lists of the software in a root file system, as SPDX and CycloneDX have them. It imports `attestation`.
@NullMarked
package dev.jbuild.exporter.sbom;

import org.jspecify.annotations.NullMarked;
