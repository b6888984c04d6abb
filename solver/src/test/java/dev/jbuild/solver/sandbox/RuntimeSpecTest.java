package dev.jbuild.solver.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.jbuild.solver.graph.ExecLimits;
import dev.jbuild.solver.graph.Network;
import dev.jbuild.solver.graph.Security;
import dev.jbuild.solver.graph.Ulimit;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The files of `testdata/runtime`: what an OCI runtime is given. With `-Djbuild.golden=write` they are written; read
/// the difference before you commit it.
class RuntimeSpecTest {
    private static final Sandbox.Identity ROOT = new Sandbox.Identity(0, 0, List.of(), "/root");

    private static final SystemCallFilter FILTER = new SystemCallFilter(
            "{\"defaultAction\":\"SCMP_ACT_ERRNO\"}".getBytes(StandardCharsets.US_ASCII),
            "AAAA".getBytes(StandardCharsets.US_ASCII));

    static Stream<Arguments> cases() {
        ExecLimits limits =
                new ExecLimits(List.of(new Ulimit("nofile", 1024, 2048), new Ulimit("core", 0, -1)), 1 << 20, "");
        return Stream.of(
                arguments("limits", sandbox(ROOT, List.of(), Network.DEFAULT, limits)),
                arguments("root", sandbox(ROOT, List.of(), Network.DEFAULT)),
                arguments("emulated", emulated()),
                arguments(
                        "user",
                        sandbox(new Sandbox.Identity(1000, -2, List.of(44, 50), "/home/who"), List.of(), Network.NONE)),
                arguments(
                        "mounts",
                        sandbox(
                                ROOT,
                                List.of(
                                        new Sandbox.SandboxMount.Bind(Path.of("/store/source"), "/read", true),
                                        new Sandbox.SandboxMount.Bind(Path.of("/store/other"), "/write", false),
                                        new Sandbox.SandboxMount.Tmpfs("/tmp", 1 << 20),
                                        new Sandbox.SandboxMount.Tmpfs("/run", 0)),
                                Network.HOST)));
    }

    private static Sandbox sandbox(Sandbox.Identity identity, List<Sandbox.SandboxMount> mounts, Network network) {
        return sandbox(identity, mounts, network, ExecLimits.NONE);
    }

    private static Sandbox sandbox(
            Sandbox.Identity identity, List<Sandbox.SandboxMount> mounts, Network network, ExecLimits limits) {
        return new Sandbox(
                Path.of("/store/root"),
                Path.of("/store/work"),
                List.of("/bin/sh", "-c", "echo \"hello\""),
                List.of("PATH=/bin", "A=two words"),
                "/workshop",
                identity,
                mounts,
                network,
                "buildkitsandbox",
                Security.SANDBOX,
                limits,
                List.of(),
                "",
                Mask.NONE,
                Stdio.LINES,
                null);
    }

    private static Sandbox emulated() {
        return new Sandbox(
                Path.of("/store/root"),
                Path.of("/store/work"),
                List.of("/bin/true"),
                List.of(),
                "/",
                ROOT,
                List.of(),
                Network.DEFAULT,
                "buildkitsandbox",
                Security.SANDBOX,
                ExecLimits.NONE,
                List.of(),
                "",
                Mask.NONE,
                Stdio.LINES,
                new Sandbox.UserNamespace(
                        Path.of("/proc/12/ns/user"),
                        List.of(new Sandbox.IdRange(0, 4294967294L)),
                        List.of(new Sandbox.IdRange(0, 1), new Sandbox.IdRange(5, 60))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isWhatARuntimeIsGiven(String name, Sandbox sandbox) throws IOException {
        boolean root = name.equals("root");
        boolean emulated = name.equals("emulated");
        Optional<SystemCallFilter> filter = root ? Optional.of(FILTER) : Optional.empty();
        String text = indented(RuntimeSpec.write(sandbox, filter, root || emulated, emulated));
        Path golden = Path.of(System.getProperty("jbuild.testdata"), "runtime", name + ".json");
        if ("write".equals(System.getProperty("jbuild.golden"))) {
            Files.writeString(golden, text);
        }
        assertThat(golden).content().isEqualTo(text);
    }

    private static String indented(byte[] json) throws IOException {
        StringWriter text = new StringWriter();
        JsonFactory factory = new JsonFactory();
        try (JsonParser in = factory.createParser(json);
                JsonGenerator out = factory.createGenerator(text).useDefaultPrettyPrinter()) {
            while (in.nextToken() != null) {
                out.copyCurrentEvent(in);
            }
        }
        return text + "\n";
    }
}
