/// The Dockerfile language: text to a tree of instructions, and nothing that touches a file system.
module dev.jbuild.parser {
    requires static org.jspecify;

    exports dev.jbuild.parser;
    exports dev.jbuild.parser.ast;
    exports dev.jbuild.parser.ignore;
    exports dev.jbuild.parser.lint;
    exports dev.jbuild.parser.source;
    exports dev.jbuild.parser.word;
}
