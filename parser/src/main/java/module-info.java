/// The Dockerfile language: text to a tree of instructions, and nothing that touches a file system.
module dev.jbuild.parser {
    requires static org.jspecify;
}
