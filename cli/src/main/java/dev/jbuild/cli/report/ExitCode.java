package dev.jbuild.cli.report;

/// What a command's end means to the shell that started it. `docs/exit-codes.md` tells users.
public enum ExitCode {
    /// Everything asked for was done.
    OK(0),
    /// An instruction of the build failed, or something it needs is not there.
    BUILD_FAILED(1),
    /// The command line cannot be understood.
    USAGE(2),
    /// The Dockerfile is not valid.
    INVALID_DOCKERFILE(3),
    /// The store or a registry did not have what was asked for, or did not do what it should.
    STORE_OR_REGISTRY(4),
    /// A defect of jbuild itself.
    INTERNAL(70),
    /// The user stopped it; the number is the one shells give to Ctrl-C.
    CANCELLED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
