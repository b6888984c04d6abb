package dev.jbuild.cli;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.FakeIo;
import java.nio.file.Path;

/// Runs command lines as users do, on a store of their own.
public record Cli(Path root) {
    /// How a command ended, and what it printed.
    public record Result(ExitCode code, String out, String err) {}

    public Result run(String... args) {
        return run(new FakeIo(), args);
    }

    public Result run(FakeIo io, String... args) {
        ExitCode code = Main.run(args, io.env("JBUILD_ROOT", root.toString()).io());
        return new Result(code, io.out(), io.err());
    }
}
