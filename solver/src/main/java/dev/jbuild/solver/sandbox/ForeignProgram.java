package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.util.Optional;

/// A process was to begin with a program that is not for the processor it would have run on.
public final class ForeignProgram {
    private ForeignProgram() {}

    /// Says so, if it is the reason why a process failed; otherwise does nothing. (Where no runtime
    /// says it, a shell was given the program as a script, and what came of that says nothing.)
    ///
    /// @throws SandboxException with the program and its processor
    public static void refuse(Sandbox sandbox, Emulators emulators) throws IOException, InterruptedException {
        Optional<Processor> built = program(sandbox).flatMap(Executable::processor);
        if (built.isEmpty()) {
            return;
        }
        switch (emulators.of(new Platform("linux", built.get().architecture(), null))) {
            case Emulation.Native _, Emulation.Registered _ -> {}
            case Emulation.Unregistered _ -> {
                if (sandbox.user() == null) {
                    throw notExecutable(sandbox);
                }
            }
            case Emulation.Missing _ -> throw notExecutable(sandbox);
        }
    }

    /// The error of a program that the kernel did not take for one.
    static SandboxException notExecutable(Sandbox sandbox) {
        String what = program(sandbox)
                .map(program -> program.processor()
                        .map(processor -> "it is a program for linux/" + processor.architecture()
                                + "; build or copy the one for this stage's platform, or choose another by FROM"
                                + " --platform")
                        .orElse("it is neither a program of a known processor nor a script that begins with #!"))
                .orElse("its file cannot be read");
        return new SandboxException("exec: \"" + sandbox.args().getFirst() + "\": exec format error: " + what);
    }

    private static Optional<Executable> program(Sandbox sandbox) {
        return Executable.find(
                sandbox.rootfs(), sandbox.env(), sandbox.cwd(), sandbox.args().getFirst());
    }
}
