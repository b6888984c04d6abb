package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a RUN can do to the machine, and what a hostile root file system can make jbuild do, on every rung
/// of isolation.
@Timeout(300)
class EscapesIT {
    private static final String SECRET = "what only the machine may know";
    private static final Pattern ATTEMPT = Pattern.compile("escape (\\S+) (refused|POSSIBLE) \\((.*)\\)");
    /// The limits that `docs/isolation.md` names. Without mounts, some are what the container lets its root do.
    private static final Map<Rung, Pattern> POSSIBLE = Map.of(
            Rung.CHROOT, Pattern.compile("see-processes|signal-foreign"),
            Rung.BARE,
                    Pattern.compile("nested-chroot|keyctl|add-key|request-key|address-space|io-uring|perf-event"
                            + "|open-.*|write-/(etc/hosts|etc/resolv.conf|readonly/file)|replace-hosts"
                            + "|create-in-read-only-bind"));

    private static final String ATTEMPTS = """
            FROM busybox
            COPY . /
            WORKDIR /tmp
            ARG CANARY
            ARG FOREIGN
            RUN --mount=type=bind,source=.,target=/readonly --mount=type=cache,target=/cache \\
                --mount=type=tmpfs,target=/scratch perl /attempts.pl "$CANARY" "$FOREIGN"
            """;

    @TempDir
    static Path shared;

    private static Path machine;
    private static Rungs rungs;

    @BeforeAll
    static void prepare() throws Exception {
        rungs = Rungs.in(shared);
        machine = Files.createDirectory(shared.resolve("machine"));
        Files.writeString(machine.resolve("canary"), SECRET);
        for (String directory : List.of("dev", "proc", "sys")) {
            Files.createDirectory(machine.resolve(directory));
        }
        Files.writeString(machine.resolve("hosts"), "# of the machine\n");
        Files.writeString(machine.resolve("resolv.conf"), "# of the machine\n");
        Shell.run("chmod 755 \"$1\" && chmod -R a+rwX \"$2\"", shared, machine);
        Files.writeString(machine.resolve("passwd"), "intruder:x:4321:4321::/:/bin/sh\n");
    }

    /// What stands for the machine: where a process of this rung could see it if it got out.
    private static Path machine(Rung rung) throws IOException {
        return rung == Rung.BARE ? rungs.give(rung, machine, "machine") : machine;
    }

    @AfterAll
    static void remove() {
        if (rungs != null) {
            rungs.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void knownWaysOutAreClosed(Rung rung) throws Exception {
        assumeTrue(Shell.has("perl") && Shell.has("dpkg"), "the perl of this machine is run, which has to be Debian's");
        Path context = Jbuild.context(shared.resolve("attempts"), ATTEMPTS);
        if (!Files.exists(context.resolve("usr"))) {
            Shell.run("""
                    { dpkg -L perl-base | grep -E '^/usr/(bin/perl$|lib/.*/perl-base/)'; ldd /usr/bin/perl | grep -o '/[^ ]*'; } |
                        tar -C / --no-recursion -chf - -T - 2>/dev/null | tar -C "$1" -xf -
                    cp "$2" "$1"
                    """, context, Path.of(System.getProperty("jbuild.testdata"), "escapes/attempts.pl"));
        }
        Files.writeString(context.resolve("file"), "read only");
        Path canary = machine(rung).resolve("canary");
        List<String> arguments = new ArrayList<>(rungs.image(rung, "busybox"));
        Process foreign = new ProcessBuilder("sleep", "300").start();
        Outcome outcome;
        try {
            arguments.addAll(List.of("--build-arg", "CANARY=" + canary, "--build-arg", "FOREIGN=" + foreign.pid()));
            arguments.addAll(List.of("--no-cache", "--output=type=cacheonly"));
            outcome = rungs.build(rung, context, arguments);
        } finally {
            foreign.destroyForcibly().waitFor();
        }
        assertThat(outcome.code()).as(outcome.err()).isZero();

        Map<String, String> possible = new TreeMap<>();
        int attempts = 0;
        for (Matcher attempt = ATTEMPT.matcher(outcome.err()); attempt.find(); attempts++) {
            if (attempt.group(2).equals("POSSIBLE")) {
                possible.put(attempt.group(1), attempt.group(3));
            }
        }
        assertThat(attempts).as(outcome.err()).isGreaterThan(90);
        if (POSSIBLE.containsKey(rung)) {
            assertThat(possible).as("a limit that is none any more").isNotEmpty();
            possible.keySet().removeIf(POSSIBLE.get(rung).asMatchPredicate());
        }
        assertThat(possible).isEmpty();
        assertThat(outcome.err()).doesNotContain(SECRET);
    }

    /// Each line breaks something that jbuild itself looks at or writes to before the next RUN.
    private static final String HOSTILE = """
            FROM busybox AS hostile
            ARG MACHINE
            RUN mkdir -p /tree && cp -a /bin /tree/ \\
                && mkdir -p /tree/etc /tree/inside && cd /tree \\
                && ln -s $MACHINE/resolv.conf etc/resolv.conf && ln -s ../../../../../../..$MACHINE/hosts etc/hosts \\
                && ln -s $MACHINE workshop && ln -s $MACHINE mounts && ln -s $MACHINE/canary file && ln -s $MACHINE/passwd etc/passwd
            FROM scratch AS broken
            ARG MACHINE
            COPY --from=hostile /tree /
            WORKDIR /workshop/made
            RUN --mount=type=tmpfs,target=/mounts/tmpfs --mount=type=cache,target=/mounts/cache \\
                --mount=type=bind,from=hostile,source=/tree/inside,target=/mounts/bind,rw \\
                touch here /mounts/cache/x && pwd && cat /file; cat /etc/hosts >/dev/null && echo hosts; test -c /dev/null && echo dev
            """;
    /// Variables that name code are for the process of RUN, not for the programs of the machine that start it.
    private static final String LOADER = """
            FROM busybox AS loader
            ARG MACHINE
            ENV LD_DEBUG=all LD_DEBUG_OUTPUT=$MACHINE/loaded BASH_ENV=/x LD_LIBRARY_PATH=/a:/b
            RUN echo "path $LD_LIBRARY_PATH"; touch /loaded
            FROM broken AS all
            COPY --from=loader /loaded /
            """;

    @ParameterizedTest
    @EnumSource
    void linksInARootFileSystemLeadNowhere(Rung rung) throws Exception {
        Path place = machine(rung);
        Path context = Jbuild.context(shared.resolve("hostile-" + rung), HOSTILE + LOADER);
        List<String> arguments = new ArrayList<>(rungs.image(rung, "busybox"));
        arguments.addAll(List.of("--build-arg", "MACHINE=" + place, "--no-cache"));
        arguments.addAll(List.of("--target=all", "--output=type=cacheonly"));
        Map<String, String> before = contents(place);

        Outcome outcome = rungs.build(rung, context, arguments);

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("hosts", "dev", "path /a:/b").doesNotContain(SECRET);
        assertThat(contents(place)).isEqualTo(before);
    }

    /// A runtime refuses such links, the other rungs follow them inside the root.
    @ParameterizedTest
    @EnumSource
    void norDoLinksInPlaceOfTheKernelsFiles(Rung rung) throws Exception {
        Path place = machine(rung);
        Path context = Jbuild.context(shared.resolve("kernel-" + rung), """
                FROM busybox AS hostile
                ARG MACHINE
                RUN mkdir /tree && cp -a /bin /tree/ && cd /tree \\
                    && ln -s $MACHINE/dev dev && ln -s $MACHINE/proc proc && ln -s ../../../../..$MACHINE/sys sys
                FROM scratch
                COPY --from=hostile /tree /
                RUN echo x > /dev/new; echo x > /proc/new; echo x > /sys/new; echo ran
                """);
        List<String> arguments = new ArrayList<>(rungs.image(rung, "busybox"));
        arguments.addAll(List.of("--build-arg", "MACHINE=" + place, "--no-cache", "--output=type=cacheonly"));
        Map<String, String> before = contents(place);

        Outcome outcome = rungs.build(rung, context, arguments);

        assertThat(outcome.code()).as(outcome.err()).isNotEqualTo(ExitCode.INTERNAL.code());
        assertThat(contents(place)).isEqualTo(before);
    }

    /// One process has a cache mount too in which another one's mounts are made, and puts a link in the way as often as
    /// it can.
    @ParameterizedTest
    @EnumSource(names = {"NAMESPACES", "CHROOT"})
    void nobodyLeadsTheMountsOfOthersElsewhere(Rung rung) throws Exception {
        Path context = Jbuild.context(shared.resolve("race-" + rung), """
                FROM busybox AS swapping
                ARG MACHINE
                ARG RUNG
                RUN --mount=type=cache,id=race-$RUNG,target=/cache cd /cache && while [ ! -e over ]; do \
                    mkdir -p way && mv way way.$((i+=1)) && ln -s $MACHINE way && rm way && echo swapped; done | uniq
                FROM busybox AS mounting
                ARG RUNG
                RUN --mount=type=cache,id=race-$RUNG,target=/cache until [ -e /cache/way.3 ]; do :; done
                %sRUN --mount=type=cache,id=race-$RUNG,target=/cache touch /cache/over /over
                FROM busybox
                COPY --from=swapping /etc/group /
                COPY --from=mounting /over /
                """.formatted("""
                RUN --mount=type=cache,id=race-$RUNG,target=/cache \
                    --mount=type=tmpfs,target=/cache/way/of/tmpfs --mount=type=bind,target=/cache/way/bind true
                """.repeat(10)));
        List<String> arguments = new ArrayList<>(TestImages.contexts("busybox"));
        arguments.addAll(List.of("--build-arg", "MACHINE=" + machine, "--build-arg", "RUNG=" + rung));
        arguments.add("--output=type=cacheonly");
        Map<String, String> before = contents(machine);

        Outcome outcome = rungs.build(rung, context, arguments);

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains(" swapped");
        assertThat(contents(machine)).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "NAMESPACES, /dev",
        "NAMESPACES, /proc",
        "NAMESPACES, /sys",
        "CHROOT, /dev",
    })
    void norAreThoseOfTheKernel(Rung rung, String place) throws Exception {
        Path context = Jbuild.context(shared.resolve("covered"), """
                FROM busybox AS hostile
                RUN mkdir -p /tree/cache/below && cp -a /bin /tree/ && ln -s /cache/below /tree%s
                FROM scratch
                COPY --from=hostile /tree /
                RUN --mount=type=cache,target=/cache true
                """.formatted(place));
        List<String> arguments = new ArrayList<>(TestImages.contexts("busybox"));
        arguments.add("--output=type=cacheonly");

        Outcome outcome = rungs.build(rung, context, arguments);

        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.BUILD_FAILED.code());
        assertThat(outcome.err())
                .contains("RUN cannot mount at /cache: it would hide where " + place + " is", "Dockerfile:5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY --from=broken /file /x",
                "COPY --from=broken /workshop/canary /x",
                "COPY --from=broken --chown=intruder /bin /x",
                "RUN --mount=type=bind,from=broken,source=/file,target=/x cat /x",
                "RUN --mount=type=cache,from=broken,source=/workshop,target=/x cat /x/canary",
            })
    void nothingIsCopiedFromTheMachine(String instruction) throws Exception {
        String tree = HOSTILE.substring(0, HOSTILE.indexOf("WORKDIR"));
        Path context = Jbuild.context(shared.resolve("copied"), tree + "FROM broken\n" + instruction + "\n");
        List<String> arguments = new ArrayList<>(TestImages.contexts("busybox"));
        arguments.addAll(List.of("--build-arg", "MACHINE=" + machine, "--output=type=cacheonly"));

        Outcome outcome = rungs.jbuild().tryBuild(context, arguments);

        assertThat(outcome.code()).as(outcome.err()).isNotZero().isNotEqualTo(ExitCode.INTERNAL.code());
        assertThat(outcome.err()).doesNotContain(SECRET);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "mkfifo /etc/passwd               | unable to find user",
                "ln -s /etc/loop /etc/loop; ln -s /etc/loop /etc/passwd | ELOOP",
                "truncate -s 100G /etc/passwd     | /etc/passwd of the stage is larger than",
                "ln -s $MACHINE/passwd /etc/passwd | unable to find user",
                "mkdir /etc/passwd                | unable to find user",
            })
    void usersAreLookedUpInNothingStrange(String make, String message) throws Exception {
        String dockerfile = "FROM busybox\nARG MACHINE\nRUN rm -f /etc/passwd; " + make + "\nUSER intruder\nRUN id\n";
        Path context = Jbuild.context(shared.resolve("passwd"), dockerfile);
        List<String> arguments = new ArrayList<>(TestImages.contexts("busybox"));
        arguments.addAll(List.of("--build-arg", "MACHINE=" + machine, "--output=type=cacheonly"));

        Outcome outcome = rungs.jbuild().tryBuild(context, arguments);

        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.BUILD_FAILED.code());
        assertThat(outcome.err()).contains(message);
    }

    private static Map<String, String> contents(Path machine) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(machine)) {
            for (Path file : files.toList()) {
                contents.put(
                        file.toString(),
                        Files.isRegularFile(file) ? Files.readString(file) : String.valueOf(Files.isDirectory(file)));
            }
        }
        return contents;
    }
}
