/// OCI values, blobs, layers, snapshots and their transport.
module dev.jbuild.layerstore {
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.github.luben.zstd_jni;
    requires java.net.http;
    requires org.apache.commons.compress;
    requires org.slf4j;
    requires org.tomlj;
    requires static org.jspecify;

    exports dev.jbuild.layerstore.archive;
    exports dev.jbuild.layerstore.content;
    exports dev.jbuild.layerstore.kernel;
    exports dev.jbuild.layerstore.oci;
    exports dev.jbuild.layerstore.registry;
    exports dev.jbuild.layerstore.snapshot;
    exports dev.jbuild.layerstore;
}
