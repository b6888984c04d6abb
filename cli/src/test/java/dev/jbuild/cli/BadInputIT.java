package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.layerstore.fake.FakeRegistry;
import dev.jbuild.layerstore.fake.Fault;
import dev.jbuild.layerstore.fake.Shell;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What goes wrong is said once, in one piece, with the right exit code; nothing half-made is left, and the
/// store serves the next build.
@Timeout(120)
class BadInputIT {
    private static final String ZEROS = "sha256:" + "0".repeat(64);

    @TempDir
    static Path shared;

    private static Jbuild jbuild;
    private static FakeRegistry registry;
    private static int closedPort;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() throws Exception {
        jbuild = Jbuild.in(shared);
        registry = FakeRegistry.start();
        Shell.run("cd \"$1\" && mkdir tree && echo x > tree/x && tar -cf tree.tar tree", shared);
        byte[] layer = Files.readAllBytes(shared.resolve("tree.tar"));
        registry.putImage("there", "1", Platform.host(), ContainerConfig.EMPTY, List.of(layer));
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        assertThat(jbuild.build(good(shared.resolve("good")), TestImages.contexts("busybox"))
                        .ran())
                .hasSize(2);
    }

    @AfterAll
    static void close() {
        registry.close();
        jbuild.close();
    }

    private static Path good(Path folder) throws IOException {
        return Jbuild.context(folder, """
                FROM busybox
                RUN echo good > /good
                COPY Dockerfile /
                """);
    }

    /// One mistake.
    ///
    /// @param dockerfile its text, with `REGISTRY` and `CLOSED` for the two addresses; empty if there is none
    /// @param said every one of these must be in the message
    record Mistake(String name, String dockerfile, List<String> options, ExitCode code, List<String> said) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Mistake mistake(String name, String dockerfile, String options, ExitCode code, String... said) {
        List<String> words = options.isEmpty() ? List.of() : List.of(options.split(" "));
        return new Mistake(name, dockerfile, words, code, List.of(said));
    }

    static List<Mistake> mistakes() {
        ExitCode failed = ExitCode.BUILD_FAILED;
        ExitCode usage = ExitCode.USAGE;
        ExitCode invalid = ExitCode.INVALID_DOCKERFILE;
        ExitCode remote = ExitCode.STORE_OR_REGISTRY;
        String run = "FROM busybox\nRUN true\n";
        return List.of(
                mistake("a missing Dockerfile", "", "", usage, "Dockerfile: no such file", "-f"),
                mistake("a Dockerfile elsewhere", run, "-f nowhere/Dockerfile", usage, "nowhere/Dockerfile"),
                mistake("an empty Dockerfile", "\n\n", "", invalid, "no instructions", "FROM"),
                mistake("nothing but comments", "# one\n# two\n", "", invalid, "no instructions", "FROM"),
                mistake("an unknown instruction", "FROM busybox\nRNU x\n", "", invalid, "RNU", "RUN", "Dockerfile:2"),
                mistake("an unknown target", "FROM busybox AS base\n", "--target=bsae", invalid, "bsae", "`base`"),
                mistake("an unknown option", run, "--bogus", usage, "--bogus", "--help"),
                mistake("a platform without sense", run, "--platform=linux/amd64/v2/x", usage, "linux/amd64/v2/x"),
                mistake(
                        "a platform the base image lacks",
                        run,
                        "--platform=linux/s390x",
                        remote,
                        "linux/s390x",
                        "arm64"),
                mistake("a tag the registry lacks", "FROM REGISTRY/nothere:1\n", "", remote, "nothere", "Dockerfile:1"),
                mistake("a digest that is not there", "FROM REGISTRY/there@" + ZEROS + "\n", "", remote, ZEROS),
                mistake("a registry that does not answer", "FROM CLOSED/x\n", "", remote, "CLOSED", "Dockerfile:1:6"),
                mistake(
                        "a registry of COPY --from that does not answer",
                        "FROM busybox AS tools\nCOPY --from=CLOSED/x /a /b\n",
                        "",
                        remote,
                        "CLOSED",
                        "Dockerfile:2:13"),
                mistake(
                        "a URL of ADD that does not answer",
                        "FROM scratch\nADD http://CLOSED/x?token=y /x\n",
                        "",
                        remote,
                        "GET http://CLOSED/x: no connection",
                        "Dockerfile:2:5"),
                mistake(
                        "a repository of ADD that does not answer",
                        "FROM scratch\nADD git://CLOSED/x#main /x\n",
                        "",
                        remote,
                        "cannot fetch git://CLOSED/x",
                        "Dockerfile:2:5"),
                mistake("an unknown processor", run, "--platform=linux/amd46", usage, "amd46", "did you mean `amd64`"),
                mistake(
                        "a stage for an unknown processor",
                        "FROM --platform=what busybox\n",
                        "",
                        invalid,
                        "\"what\"",
                        "Dockerfile:1:17"),
                mistake(
                        "another frontend",
                        "# syntax=example/yaml:1\nnot: a Dockerfile\n",
                        "",
                        invalid,
                        "example/yaml:1",
                        "Dockerfile:1:10",
                        "BUILDKIT_SYNTAX=dockerfile.v0"),
                mistake(
                        "another frontend by argument",
                        run,
                        "--build-arg BUILDKIT_SYNTAX=example/yaml:1",
                        invalid,
                        "example/yaml:1"),
                mistake(
                        "a mount type from an argument",
                        "FROM busybox\nARG KIND=cahe\nRUN --mount=type=$KIND,target=/c true\n",
                        "",
                        invalid,
                        "Dockerfile:3:18",
                        "did you mean `cache`"),
                mistake(
                        "a time that is none",
                        "ARG SOURCE_DATE_EPOCH=noon\nFROM busybox\n",
                        "",
                        invalid,
                        "SOURCE_DATE_EPOCH=noon",
                        "Dockerfile:1:23"),
                mistake(
                        "a step that fails",
                        "FROM busybox\nRUN echo said; exit 7\n",
                        "",
                        failed,
                        "exit code: 7",
                        "said"),
                mistake("a program that is not there", "FROM busybox\nRUN [\"/no/such\"]\n", "", failed, "/no/such"),
                mistake("a user that is not there", "FROM busybox\nUSER who\nRUN id\n", "", failed, "user who"),
                mistake(
                        "a file that is not there",
                        "FROM busybox\nCOPY missing /\n",
                        "",
                        failed,
                        "\"/missing\" not found"),
                mistake(
                        "a stage's missing file",
                        "FROM busybox AS a\nFROM busybox\nCOPY --from=a /no /\n",
                        "",
                        failed,
                        "/no"),
                mistake(
                        "an owner that is not there",
                        "FROM busybox\nCOPY --chown=who Dockerfile /\n",
                        "",
                        failed,
                        "who"),
                mistake(
                        "a file copied below a file",
                        "FROM busybox\nCOPY Dockerfile /bin/busybox/x\n",
                        "",
                        failed,
                        "busybox"),
                mistake(
                        "a bind mount of nothing",
                        "FROM busybox\nRUN --mount=source=no,target=/m true\n",
                        "",
                        failed,
                        "no"),
                mistake("a variable that must be set", "FROM busybox\nENV A=${B:?set B}\n", "", invalid, "set B"),
                mistake("an output of no kind", run, "-o type=zip", usage, "zip"),
                mistake("a context that is not there", run, "--build-context x=nowhere", usage, "nowhere"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void isSaidOnceAndLeavesNothing(Mistake mistake) throws Exception {
        Path context = Files.createDirectory(directory.resolve("context"));
        if (!mistake.dockerfile().isEmpty()) {
            Jbuild.context(context, addresses(mistake.dockerfile()));
        }
        List<String> options = new ArrayList<>(TestImages.contexts("busybox"));
        if (mistake.options().stream().noneMatch("-o"::equals)) {
            options.addAll(List.of("-o", "type=oci,dest=" + directory.resolve("image.tar")));
        }
        options.addAll(mistake.options());
        Outcome outcome = jbuild.tryBuild(context, options);

        checkMessage(outcome, mistake.code());
        assertThat(outcome.err())
                .contains(mistake.said().stream().map(BadInputIT::addresses).toList());
        assertThat(directory).isDirectoryNotContaining("glob:**image.tar*");
        checkStore();
    }

    private static String addresses(String text) {
        return text.replace("REGISTRY", registry.host()).replace("CLOSED", "127.0.0.1:" + closedPort);
    }

    private static void checkMessage(Outcome outcome, ExitCode code) {
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(code.code());
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines().filter(line -> line.startsWith("ERROR: ")))
                .as(outcome.err())
                .hasSize(1);
        assertThat(outcome.err())
                .doesNotContain("\tat ", "Exception", "internal error")
                .endsWith("\n");
    }

    /// Nothing half-made is in the store, and what was made before is still whole.
    private static void checkStore() throws Exception {
        assertThat(jbuild.store().resolve("tmp")).isEmptyDirectory();
        assertThat(Shell.run(
                        "cd \"$1\" && sha256sum * | while read -r sum name; do test \"$sum\" = \"$name\" || echo \"$name\"; done",
                        jbuild.store().resolve("blobs/sha256")))
                .as("blobs that are not what they are called")
                .isEmpty();
        assertThat(jbuild.build(shared.resolve("good"), TestImages.contexts("busybox"))
                        .ran())
                .isEmpty();
    }

    @Test
    void aDirectoryThatIsNotThere() throws Exception {
        Outcome outcome = jbuild.run(directory, List.of("build", "nowhere"));
        checkMessage(outcome, ExitCode.USAGE);
        assertThat(outcome.err()).contains("nowhere");
    }

    @Test
    void aLayerWithAWrongByteIsNotUsed() throws Exception {
        Path layout = directory.resolve("layout");
        Shell.run("cp -r \"$1\" \"$2\"", TestImages.layout("busybox"), layout);
        List<String> layers = Shell.run("cd \"$1\"/blobs/sha256 && find . -size +100k -printf '%f\\n'", layout)
                .lines()
                .toList();
        assertThat(layers).isNotEmpty();
        for (String layer : layers) {
            Path blob = layout.resolve("blobs/sha256").resolve(layer);
            byte[] bytes = Files.readAllBytes(blob);
            bytes[bytes.length / 2] ^= 1;
            Files.write(blob, bytes);
        }
        Path context = Jbuild.context(directory.resolve("context"), "FROM spoiled\nRUN true\n");
        Path image = directory.resolve("image.tar");
        try (Jbuild fresh = Jbuild.in(directory)) {
            Outcome outcome = fresh.tryBuild(
                    context,
                    List.of("--build-context", "spoiled=oci-layout://" + layout, "-o", "type=oci,dest=" + image));
            checkMessage(outcome, ExitCode.STORE_OR_REGISTRY);
            assertThat(layers)
                    .as(outcome.err())
                    .anyMatch(layer -> outcome.err().contains("ERROR: layer sha256:" + layer));
            assertThat(image).doesNotExist();
            assertThat(layers).allMatch(layer -> !Files.exists(fresh.store().resolve("blobs/sha256/" + layer)));
            assertThat(fresh.store().resolve("tmp")).isEmptyDirectory();
            fresh.build(shared.resolve("good"), TestImages.contexts("busybox"));
        }
    }

    @Test
    void aRegistryThatSendsAWrongByteIsNotBelieved() throws Exception {
        Path context = Jbuild.context(
                directory.resolve("context"), "FROM " + registry.host() + "/there:1\nCOPY Dockerfile /\n");
        List<String> options = List.of("-o", "type=tar,dest=" + directory.resolve("files.tar"));
        Fault flipped = new Fault.FlipFirstByte();
        registry.spoil("GET", "/blobs/", flipped, flipped, flipped, flipped, flipped, flipped, flipped, flipped);
        Outcome outcome = jbuild.tryBuild(context, options);
        checkMessage(outcome, ExitCode.STORE_OR_REGISTRY);
        assertThat(outcome.err()).contains("sha256:");
        assertThat(directory.resolve("files.tar")).doesNotExist();
        checkStore();
    }

    @Test
    void aStoreThatCannotBeWritten() throws Exception {
        Outcome outcome = inNamespace(
                "mount --bind \"$1\" \"$1\"; mount -o remount,ro,bind \"$1\"; exec \"$2\" build --no-cache --progress=plain "
                        + "'" + String.join("' '", TestImages.contexts("busybox")) + "' \"$3\"",
                jbuild.store(),
                jbuild.launcher(),
                shared.resolve("good"));
        checkMessage(outcome, ExitCode.STORE_OR_REGISTRY);
        assertThat(outcome.err().toLowerCase(Locale.ROOT))
                .contains("cannot be written")
                .contains("--root");
        checkStore();
    }

    @Test
    void aStoreThatIsFull() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        Path context = Jbuild.context(directory.resolve("context"), "FROM scratch\nCOPY large /\n");
        Files.write(context.resolve("large"), new byte[8 << 20]);
        Jbuild.context(directory.resolve("little"), "FROM scratch\nCOPY Dockerfile /\n");
        Outcome outcome = inNamespace(
                "mount -t tmpfs -o size=4m tmpfs \"$1\"; code=0;"
                        + " \"$2\" build --progress=plain -t large \"$3/context\" || code=$?;"
                        + " ls \"$1/tmp\"; \"$2\" build -q -o type=cacheonly \"$3/little\"; exit $code",
                small,
                jbuild.launcher(),
                directory);
        checkMessage(outcome, ExitCode.STORE_OR_REGISTRY);
        assertThat(outcome.err().toLowerCase(Locale.ROOT))
                .contains("the disk is full")
                .contains("jbuild prune");
    }

    /// Runs a script whose mounts nobody else sees; `$1` is the store.
    private static Outcome inNamespace(String script, Path store, Object... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-euc", script, "sh"));
        command.add(store.toString());
        for (Object argument : more) {
            command.add(argument.toString());
        }
        return Installation.start(Path.of("/"), Map.of("JBUILD_ROOT", store.toString(), "LC_ALL", "C.UTF-8"), command);
    }
}
