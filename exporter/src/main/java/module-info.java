/// Writes images and root file systems where the user wants them.
module dev.jbuild.exporter {
    requires com.fasterxml.jackson.core;
    requires dev.jbuild.layerstore;
    requires static org.jspecify;

    exports dev.jbuild.exporter;
    exports dev.jbuild.exporter.attestation;
    exports dev.jbuild.exporter.sbom;
}
