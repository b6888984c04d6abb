package dev.jbuild.solver;

import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import dev.jbuild.solver.run.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Finds out before anything runs whether this machine can run what the build asks it to.
final class ForeignPlatforms {
    private static final Path HANDLERS = Path.of("/proc/sys/fs/binfmt_misc");

    private ForeignPlatforms() {}

    /// @throws SolveException at the first process for a processor that neither this machine nor an emulator is
    static void check(BuildGraph graph, Platform host) {
        for (Vertex vertex : graph.vertices()) {
            if (vertex.op() instanceof Op.Exec exec && !runs(exec.platform(), host)) {
                VertexInfo info = graph.info(vertex);
                throw new SolveException(
                        info,
                        new SandboxException("this machine (" + host + ") cannot run " + exec.platform()
                                + " programs: install qemu-user-static and binfmt-support,"
                                + " or cross-compile in a stage FROM --platform=$BUILDPLATFORM"));
            }
        }
    }

    private static boolean runs(Platform platform, Platform host) {
        if (platform.equals(host) || platform.architecture().equals(host.architecture())) {
            return true;
        }
        if (host.architecture().equals("amd64") && platform.architecture().equals("386")) {
            return true;
        }
        return emulated(platform);
    }

    private static boolean emulated(Platform platform) {
        String name = switch (platform.architecture()) {
            case "arm64" -> "aarch64";
            case "amd64" -> "x86_64";
            case "386" -> "i386";
            case "ppc64le", "riscv64", "s390x", "arm" -> platform.architecture();
            case "mips64le" -> "mips64el";
            case "loong64" -> "loongarch64";
            default -> platform.architecture().toLowerCase(Locale.ROOT);
        };
        Path handler = HANDLERS.resolve("qemu-" + name);
        try {
            return Files.isReadable(handler) && Files.readString(handler).startsWith("enabled");
        } catch (IOException e) {
            // The file system of the handlers answers nothing else than that there is no such handler.
            return false;
        }
    }
}
