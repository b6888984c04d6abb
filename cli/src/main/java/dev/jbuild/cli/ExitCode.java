package dev.jbuild.cli;

/// What a command's end means to the shell that started it.
public enum ExitCode {
    /// Everything asked for was done.
    OK(0),
    /// An instruction of the build failed.
    BUILD_FAILED(1),
    /// The command line cannot be understood.
    USAGE(2),
    /// The Dockerfile is not valid.
    INVALID_DOCKERFILE(3),
    /// The store or a registry did not do what it should.
    STORE_OR_REGISTRY(4),
    /// A defect of jbuild itself.
    INTERNAL_ERROR(70);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
