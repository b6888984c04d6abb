package dev.jbuild.solver.run;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.solver.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finds a program that a user can type commands at.
final class Interpreter {
    private static final String USUAL = "/bin/sh";
    private static final String USUAL_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Interpreter() {}

    /// The interpreter of SHELL if this root file system has it, else its /bin/sh.
    ///
    /// @param shell the words of SHELL
    /// @param env where PATH may be
    /// @throws SandboxException if there is neither
    static String find(Path root, List<String> shell, List<String> env) throws IOException {
        List<String> wanted = new ArrayList<>();
        // Of `/usr/bin/env -S bash -c` it is bash.
        shell.stream()
                .filter(word -> !word.equals("env") && !word.endsWith("/env"))
                .filter(word -> !word.startsWith("-") && !word.contains("="))
                .findFirst()
                .ifPresent(wanted::add);
        if (!wanted.contains(USUAL)) {
            wanted.add(USUAL);
        }
        for (String program : wanted) {
            for (String place : places(program, env)) {
                if (isProgram(root, place)) {
                    return place;
                }
            }
        }
        throw new SandboxException("there is no shell in this root file system: it has no "
                + String.join(" and no ", wanted) + "; run one of its own programs instead: jbuild shell … -- PROGRAM");
    }

    private static List<String> places(String program, List<String> env) {
        if (program.contains("/")) {
            return program.startsWith("/") ? List.of(program) : List.of();
        }
        String path = env.stream()
                .filter(variable -> variable.startsWith("PATH="))
                .reduce((first, second) -> second)
                .orElse(USUAL_PATH);
        List<String> places = new ArrayList<>();
        for (String directory : path.substring("PATH=".length()).split(":", -1)) {
            if (directory.startsWith("/")) {
                places.add(directory + "/" + program);
            }
        }
        return places;
    }

    private static boolean isProgram(Path root, String place) throws IOException {
        Stat stat = Kernel.stat(Kernel.resolveInRoot(root, place));
        return stat != null && stat.isRegular() && (stat.permissions() & 0111) != 0;
    }
}
