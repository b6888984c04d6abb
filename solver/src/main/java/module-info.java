/// From instructions to images: the build graph, its cache, and the scheduler that runs it.
module dev.jbuild.solver {
    requires com.fasterxml.jackson.core;
    requires dev.jbuild.layerstore;
    requires dev.jbuild.parser;
    requires org.jgrapht.core;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.jbuild.solver;
    exports dev.jbuild.solver.cache;
    exports dev.jbuild.solver.context;
    exports dev.jbuild.solver.event;
    exports dev.jbuild.solver.fetch;
    exports dev.jbuild.solver.file;
    exports dev.jbuild.solver.graph;
    exports dev.jbuild.solver.plan;
    exports dev.jbuild.solver.run;
    exports dev.jbuild.solver.sandbox;
    exports dev.jbuild.solver.secret;
}
