/// The `jbuild` command.
module dev.jbuild.cli {
    requires ch.qos.logback.classic;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires dev.jbuild.exporter;
    requires dev.jbuild.layerstore;
    requires dev.jbuild.parser;
    requires dev.jbuild.solver;
    requires info.picocli;
    requires org.slf4j;
    requires org.tomlj;
    requires static org.jspecify;
}
