package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.layerstore.fake.Shell;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Images for processors that this machine does not have: emulated where the kernel knows an emulator,
/// emulated where there is only one on PATH, and without any where nothing runs.
@Timeout(120)
class ForeignIT {
    private static final String DOCKERFILE = """
            FROM alpine:3 AS made
            ARG TARGETARCH TARGETVARIANT
            RUN sh -c 'uname -m && sh -c "echo child \\$0" sh' > /made && echo "$TARGETARCH $TARGETVARIANT" >> /made

            FROM --platform=$BUILDPLATFORM alpine:3 AS cross
            ARG TARGETARCH
            RUN uname -m > /cross && echo $TARGETARCH >> /cross

            FROM alpine:3
            COPY --from=made /made /
            COPY --from=cross /cross /
            RUN mkdir -m 700 /own && touch /own/file && chown -R 1000:1001 /own && ! touch /sys/kernel/mm/x \\
                && su www-data -s /bin/sh -c 'id -u' > /su && hostname > /dev/null && ls -l /dev/null \\
                && grep -e Seccomp: -e CapEff: -e CapBnd: /proc/self/status > /rights \\
                && ! unshare -m true && ! unshare -U true && ! nsenter -t 1 -U true && ! mount -t proc none /proc \\
                && ! sh -c 'echo 1 > /proc/sys/vm/drop_caches'
            USER 1000:1001
            RUN ["/bin/cp", "/made", "/own/made"]
            """;
    /// Runs the words behind the first in a mount namespace where the programs that it names are not there.
    private static final String WITHOUT = """
            for program in $1; do
              ! file=$(command -v "$program") || mount --bind /dev/null "$(readlink -f "$file")"
            done
            shift
            exec "$@"
            """;
    /// Runs the words behind the first four in a user namespace of all users, where the second and
    /// the third are registered, and without the programs that the fourth names. (runc needs a network
    /// and control groups of that namespace's own.)
    private static final String REGISTERED = """
            mkfifo "$1/unshared" "$1/mapped"
            mkdir "$1/table"
            unshare --user --mount --cgroup --net sh -euc "$INSIDE" sh "$@" &
            read -r pid < "$1/unshared"
            echo 0 0 4294967294 > "/proc/$pid/uid_map"
            echo 0 0 4294967294 > "/proc/$pid/gid_map"
            echo > "$1/mapped"
            wait "$!"
            """;

    private static final String INSIDE = """
            echo $$ > "$1/unshared"
            read -r line < "$1/mapped"
            exec sh -euc "$NAMESPACE" sh "$@"
            """;
    private static final String NAMESPACE = """
            mount -t binfmt_misc none "$1/table"
            printf %s "$2" > "$1/table/register"
            printf %s "$3" > "$1/table/register"
            for program in qemu-aarch64-static qemu-arm-static $4; do
              mount --bind /dev/null "$(readlink -f "$(command -v "$program")")"
            done
            shift 4
            exec "$@"
            """;

    private static final String ARM64 = registration("aarch64", 2, "b7");
    private static final String ARM = registration("arm", 1, "28");

    private static String registration(String qemu, int width, String machine) {
        return ":%s:M::\\x7fELF\\x0%d\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x%s\\x00"
                        .formatted(qemu, width, machine)
                + ":\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff"
                + ":/usr/bin/qemu-%s-static:POF".formatted(qemu);
    }

    @TempDir
    static Path shared;

    private static Jbuild jbuild;

    @TempDir
    Path directory;

    @BeforeAll
    static void prepare() throws Exception {
        assumeTrue(Platform.host().architecture().equals("amd64"), "needs a processor that is none of ARM's");
        jbuild = Jbuild.in(shared);
    }

    @AfterAll
    static void remove() {
        if (jbuild != null) {
            jbuild.close();
        }
    }

    @BeforeEach
    void writeContext() throws Exception {
        Jbuild.context(directory, DOCKERFILE);
    }

    private static void needEmulators() {
        for (String program : List.of("qemu-aarch64-static", "qemu-arm-static")) {
            assumeTrue(Shell.has(program), program + " is not here: run testdata/prepare");
        }
        String mounted = Shell.run("""
                unshare --user --map-root-user --mount sh -c 'mount -t binfmt_misc none /mnt && echo mounted' 2>&1 || :
                """);
        assumeTrue(mounted.contains("mounted"), "this kernel has no binfmt_misc in user namespaces: " + mounted);
        assumeTrue(
                !Shell.run("grep -rlE '\"architecture\": ?\"arm\"' \"$1\" || :", TestImages.layout("alpine:3"))
                        .isEmpty(),
                "the base image alpine:3 is not for linux/arm/v7: run testdata/prepare");
    }

    private List<String> arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of("build", "--progress=plain", "--no-cache"));
        arguments.addAll(TestImages.contexts("alpine:3"));
        arguments.addAll(List.of(more));
        arguments.add(".");
        return arguments;
    }

    private Outcome run(List<String> before, List<String> arguments) throws IOException, InterruptedException {
        return run(jbuild, before, arguments);
    }

    private Outcome run(Jbuild program, List<String> before, List<String> arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = program.prepare(directory, arguments);
        List<String> command = new ArrayList<>(before);
        command.addAll(builder.command());
        return Installation.start(directory, builder.environment(), command);
    }

    private static List<String> without(String programs) {
        return List.of("unshare", "--mount", "sh", "-euc", WITHOUT, "sh", programs);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file);
    }

    /// The kernel is told of emulators by the build, in a namespace of its own, and the machine never
    /// knows.
    @ParameterizedTest(name = "{0} without {1}")
    @CsvSource({"oci, nothing", "oci, crun", "namespaces, nothing", "chroot, nothing"})
    void runsUnderAnEmulatorOnPathAlone(String isolation, String missing) throws Exception {
        needEmulators();
        Outcome outcome = run(
                without(missing),
                arguments(
                        "--isolation=" + isolation,
                        "--platform=linux/amd64,linux/arm64,linux/arm/v7",
                        "--output=type=tar,dest=out.tar",
                        "--output=type=oci,tar=false,dest=image"));
        assertThat(outcome.code()).as(outcome.err()).isZero();

        Path out = Files.createDirectory(directory.resolve("out"));
        Shell.run("tar -xf \"$1.tar\" -C \"$1\" --numeric-owner", out);
        assertThat(text(out.resolve("linux_amd64/made"))).isEqualTo("x86_64\nchild sh\namd64 \n");
        assertThat(text(out.resolve("linux_arm64/made"))).isEqualTo("aarch64\nchild sh\narm64 \n");
        assertThat(text(out.resolve("linux_arm_v7/made"))).isEqualTo("armv7l\nchild sh\narm v7\n");
        assertThat(text(out.resolve("linux_arm64/cross"))).isEqualTo("x86_64\narm64\n");
        assertThat(out.resolve("linux_arm64/own/made")).hasSameBinaryContentAs(out.resolve("linux_arm64/made"));
        for (String platform : List.of("linux_amd64", "linux_arm64", "linux_arm_v7")) {
            assertThat(text(out.resolve(platform + "/su"))).isEqualTo("33\n");
            assertThat(text(out.resolve(platform + "/rights")))
                    .isEqualTo("CapEff:\t00000000a80425fb\nCapBnd:\t00000000a80425fb\nSeccomp:\t2\n");
            assertThat(Shell.run("stat -c '%u:%g %a' \"$1\"", out.resolve(platform + "/own")))
                    .isEqualTo("1000:1001 700\n");
        }
        // Only where it is worth its line, and once however many platforms and instructions there are.
        assertThat(outcome.err().lines().filter(line -> line.contains("is emulated, which is slow")))
                .hasSizeBetween(1, 2)
                .allMatch(line -> line.contains("the stage made ") && line.contains("(Dockerfile:1:1)"));
        assertThat(Shell.run(
                        "skopeo inspect --config --override-arch arm --override-variant v7 oci:\"$1\"",
                        directory.resolve("image")))
                .containsPattern("\"architecture\": ?\"arm\"")
                .containsPattern("\"variant\": ?\"v7\"");
        assertThat(jbuild.store().resolve("tmp")).isEmptyDirectory();
        assertThat(Shell.run("ls /proc/sys/fs/binfmt_misc")).doesNotContain("jbuild");

        List<String> again = arguments("--platform=linux/amd64,linux/arm64,linux/arm/v7", "--output=type=cacheonly");
        again.remove("--no-cache");
        Outcome cached = run(without("qemu-aarch64-static qemu-aarch64 qemu-arm-static qemu-arm"), again);
        assertThat(cached.code()).as("no emulator is needed: " + cached.err()).isZero();
    }

    @ParameterizedTest(name = "{0} without {1}")
    @CsvSource({"oci, nothing", "oci, crun", "namespaces, nothing", "chroot, nothing"})
    void runsUnderAnEmulatorThatTheKernelKnows(String isolation, String missing) throws Exception {
        needEmulators();
        Files.writeString(directory.resolve("Dockerfile"), """
                FROM alpine:3
                RUN uname -m > /made && ls / | wc -l && grep Seccomp: /proc/self/status >> /made && touch /own && chown 5:6 /own
                USER 7
                RUN ["/bin/mkdir", "/tmp/seven"]
                """);
        // A store belongs to a user namespace.
        Jbuild other = Jbuild.in(directory);
        Path aside = Files.createDirectory(directory.resolve("aside"));
        Outcome built = run(
                other,
                registered(aside, missing),
                arguments(
                        "--isolation=" + isolation,
                        "--platform=linux/arm64,linux/arm/v7",
                        "--output=type=tar,dest=out.tar"));
        assertThat(built.code()).as(built.err()).isZero();
        Path tar = directory.resolve("out.tar");
        assertThat(Shell.run("tar -xOf \"$1\" linux_arm64/made linux_arm_v7/made", tar))
                .isEqualTo("aarch64\nSeccomp:\t2\narmv7l\nSeccomp:\t2\n");
        assertThat(Shell.run("tar --list --verbose --numeric-owner -f \"$1\"", tar))
                .containsPattern("5/6 .* linux_arm64/own\n")
                .containsPattern("7/0 .* linux_arm_v7/tmp/seven/\n");
    }

    @Test
    void theDoctorKnowsWhatTheKernelKnows() throws Exception {
        needEmulators();
        Path aside = Files.createDirectory(directory.resolve("aside"));
        assertThat(run(Jbuild.in(directory), registered(aside, ""), List.of("doctor"))
                        .out())
                .containsPattern("linux/arm64 +ok +emulated, as registered in binfmt_misc")
                .containsPattern("linux/arm/v7 +ok +emulated, as registered in binfmt_misc");
        assertThat(run(List.of(), List.of("doctor")).out())
                .containsPattern("linux/arm64 +ok +emulated (as registered|by .*qemu-aarch64-static)");
    }

    private static List<String> registered(Path aside, String missing) {
        String without = missing.equals("nothing") ? "" : missing;
        return List.of(
                "env",
                "INSIDE=" + INSIDE,
                "NAMESPACE=" + NAMESPACE,
                "sh",
                "-euc",
                REGISTERED,
                "sh",
                aside.toString(),
                ARM64,
                ARM,
                without);
    }

    @Test
    void anOrdinaryUserEmulatesToo() throws Exception {
        needEmulators();
        try (FreshUser user = FreshUser.make("jbuild-test", "3000000")) {
            user.give(jbuild.home(), "jbuild");
            user.give(directory, "context");
            user.give(TestImages.layout("alpine:3"), "alpine");
            Outcome outcome = user.run(
                    Map.of("JBUILD_JAVA_HOME", System.getProperty("java.home")),
                    List.of(
                            user.home().resolve("jbuild/bin/jbuild").toString(),
                            "build",
                            "--progress=plain",
                            "--build-context=alpine:3=oci-layout://"
                                    + user.home().resolve("alpine"),
                            "--platform=linux/arm64",
                            "--output=type=tar,dest=out.tar",
                            "context"));
            assertThat(outcome.code()).as(outcome.err()).isZero();
            String tar = user.home().resolve("out.tar").toString();
            assertThat(Shell.run("tar -xOf \"$1\" made", tar)).isEqualTo("aarch64\nchild sh\narm64 \n");
            assertThat(Shell.run("tar --list --verbose --numeric-owner -f \"$1\"", tar))
                    .containsPattern("drwx------ 1000/1001 .* own/\n");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"oci", "namespaces", "chroot"})
    void aShellIsEmulatedToo(String isolation) throws Exception {
        needEmulators();
        Files.writeString(directory.resolve("Dockerfile"), """
                FROM alpine:3
                USER 5
                RUN touch /tmp/made && exit 9
                """);
        String rung = "--isolation=" + isolation;
        assertThat(run(List.of(), arguments(rung, "--platform=linux/arm64")).code())
                .isEqualTo(ExitCode.BUILD_FAILED.code());
        Outcome failed = run(
                List.of(), List.of("shell", "--failed", rung, "--", "sh", "-c", "uname -m; id -u; ls /tmp; exit 7"));
        assertThat(failed.code()).as(failed.err()).isEqualTo(7);
        assertThat(failed.out()).isEqualTo("aarch64\n5\nmade\n");

        List<String> at = new ArrayList<>(List.of("shell", "--at=0:2", rung, "--platform=linux/arm/v7"));
        at.addAll(TestImages.contexts("alpine:3"));
        at.addAll(List.of(".", "--", "uname", "-m"));
        Outcome there = run(List.of(), at);
        assertThat(there.out()).as(there.err()).isEqualTo("armv7l\n");
    }

    @Test
    void filesAloneNeedNoEmulator() throws Exception {
        Files.writeString(directory.resolve("Dockerfile"), """
                FROM --platform=$BUILDPLATFORM alpine:3 AS build
                ARG TARGETARCH
                RUN echo for $TARGETARCH > /made

                FROM alpine:3
                WORKDIR /app
                COPY --from=build --chown=www-data /made .
                ENV A=b
                CMD ["cat", "made"]
                """);
        Outcome outcome = run(
                without("qemu-aarch64-static qemu-aarch64 qemu-arm-static qemu-arm"),
                arguments("--platform=linux/arm64,linux/arm/v7", "--output=out"));
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(text(directory.resolve("out/linux_arm64/app/made"))).isEqualTo("for arm64\n");
        assertThat(text(directory.resolve("out/linux_arm_v7/app/made"))).isEqualTo("for arm\n");
        assertThat(outcome.err()).doesNotContain("emulated");
    }

    @Test
    void withoutAnEmulatorNothingRuns() throws Exception {
        List<String> bare = without("qemu-aarch64-static qemu-aarch64");
        assumeTrue(
                run(bare, List.of("doctor")).out().contains("qemu-aarch64-static is not on PATH, nor is it registered"),
                "this machine's kernel knows an emulator");
        Outcome outcome = run(bare, arguments("--platform=linux/amd64,linux/arm64"));
        assertThat(outcome.code()).isEqualTo(ExitCode.BUILD_FAILED.code());
        assertThat(outcome.err())
                .contains("this machine (linux/amd64) cannot run linux/arm64 programs")
                .contains("qemu-aarch64-static is not on PATH, nor is it registered; install qemu-user-static")
                .contains("FROM --platform=$BUILDPLATFORM")
                .contains("Dockerfile:3")
                .doesNotContain("DONE");
    }

    /// A program of a processor that nothing here stands in for.
    @ParameterizedTest(name = "{0}")
    @CsvSource({"oci", "namespaces", "chroot"})
    void aProgramForAnotherProcessorIsNamed(String isolation) throws Exception {
        Files.writeString(directory.resolve("Dockerfile"), """
                FROM --platform=linux/arm64 alpine:3 AS other
                FROM --platform=linux/amd64 alpine:3
                COPY --from=other /bin/busybox /opt/tool
                RUN ["/opt/tool", "true"]
                """);
        Outcome outcome = run(without("qemu-aarch64-static qemu-aarch64"), arguments("--isolation=" + isolation));
        assumeTrue(outcome.code() != 0, "this machine's kernel knows an emulator");
        assertThat(outcome.code()).isEqualTo(ExitCode.BUILD_FAILED.code());
        assertThat(outcome.err())
                .contains("exec: \"/opt/tool\": exec format error: it is a program for linux/arm64", "Dockerfile:4");
    }
}
