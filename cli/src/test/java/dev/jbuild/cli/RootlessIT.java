package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Builds by ordinary users, with subordinate IDs and without: files belong to whom they should in the image.
@Timeout(300)
class RootlessIT {
    private static final String BASE = """
            FROM alpine:3
            COPY --chown=12:34 greeting.txt /owned/greeting
            COPY --chown=56:78 --chmod=4750 greeting.txt /owned/deep/er/program
            """;
    /// What root and anybody can do.
    private static final String DOCKERFILE = """
            FROM owned:1 AS build
            RUN --mount=type=cache,target=/cache echo more >> /owned/greeting && mkdir -p /made/dir && echo x > /made/dir/x \\
                && rm -r /home && id -u > /made/id && ls / >> /cache/list

            FROM owned:1
            COPY --from=build --chown=1000:1001 /made /made
            COPY --from=build /owned /again
            COPY --chown=5 greeting.txt /five/
            RUN rm /again/deep/er/program && cat /again/greeting && chmod 2755 /five && mv /owned/greeting /moved
            """;
    /// What takes IDs to give files to.
    private static final String MORE = """
            FROM owned:1
            RUN mkdir /d && ln -s x /d/f && chown -hR 100:200 /d && chown -h 7:8 /owned/greeting
            USER 1000:1001
            RUN id -u > /tmp/id && id -g >> /tmp/id
            """;

    @TempDir
    static Path shared;

    private static Jbuild root;
    private static Path context;
    private static Path layout;

    @BeforeAll
    static void buildAsRoot() throws Exception {
        root = Jbuild.in(shared).with("SOURCE_DATE_EPOCH", "1000000000");
        context = Jbuild.context(shared.resolve("context"), BASE);
        Files.writeString(context.resolve("greeting.txt"), "hi\n");
        List<String> arguments = new ArrayList<>(TestImages.contexts("alpine:3"));
        arguments.addAll(List.of("-o", "type=oci,tar=false,dest=owned"));
        root.build(context, arguments);
        layout = Files.move(context.resolve("owned"), shared.resolve("owned"));
        Files.writeString(context.resolve("Dockerfile"), DOCKERFILE);
        Files.writeString(context.resolve("More"), MORE);
        for (String dockerfile : List.of("Dockerfile", "More")) {
            root.build(context, arguments(dockerfile, layout, shared.resolve(dockerfile + ".tar")));
        }
    }

    @AfterAll
    static void remove() {
        if (root != null) {
            root.close();
        }
    }

    private static List<String> arguments(String dockerfile, Path layout, Path archive) {
        return List.of(
                "--file=" + dockerfile,
                "--build-context=owned:1=oci-layout://" + layout,
                "-o",
                "type=oci,dest=" + archive + ",rewrite-timestamp=true");
    }

    private static Outcome build(FreshUser user, String dockerfile, String... more) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(user.home().resolve("jbuild/bin/jbuild").toString()));
        command.addAll(List.of("build", "--progress=plain"));
        command.addAll(arguments(
                "context/" + dockerfile,
                user.home().resolve("owned"),
                user.home().resolve(dockerfile + ".tar")));
        command.addAll(List.of(more));
        command.add("context");
        return user.run(Map.of("SOURCE_DATE_EPOCH", "1000000000", "JBUILD_JAVA_HOME", java()), command);
    }

    private static String java() {
        return System.getProperty("java.home");
    }

    private static FreshUser user(String name, String subordinates) {
        FreshUser user = FreshUser.make(name, subordinates);
        user.give(root.home(), "jbuild");
        user.give(context, "context");
        user.give(layout, "owned");
        return user;
    }

    @ParameterizedTest(name = "with IDs from \"{0}\", isolation {1}")
    @CsvSource({"3000000, auto", "3000000, namespaces", "'', auto", "'', namespaces"})
    void anImageHasTheBytesThatRootGivesIt(String subordinates, String isolation) throws Exception {
        try (FreshUser user = user("jbuild-test", subordinates)) {
            Outcome outcome = build(user, "Dockerfile", "--isolation=" + isolation);
            assertThat(outcome.code()).as(outcome.err()).isZero();
            assertThat(user.home().resolve(".local/share/jbuild/format")).exists();
            assertThat(user.home().resolve("Dockerfile.tar")).hasSameBinaryContentAs(shared.resolve("Dockerfile.tar"));
        }
        String owners = Shell.run("""
                mkdir "$1/x" && tar -xf "$1/Dockerfile.tar" -C "$1/x"
                for blob in "$1"/x/blobs/sha256/*; do
                  if gzip -t "$blob" 2> "$1/x/no"; then tar --list --verbose --numeric-owner -z -f "$blob"; fi
                done
                rm -r "$1/x"
                """, shared);
        assertThat(owners)
                .containsPattern("-rw-r--r-- 12/34 .* again/greeting\n")
                .containsPattern("-rw-r--r-- 1000/1001 .* made/dir/x\n")
                .containsPattern("-rw-r--r-- 12/34 .* moved\n")
                .containsPattern("-rw-r--r-- 5/5 .* five/greeting.txt\n");
    }

    @Test
    void withSubordinateIdsRunMayDoWhatRootMay() throws Exception {
        try (FreshUser user = user("jbuild-test", "3000000")) {
            Outcome outcome = build(user, "More");
            assertThat(outcome.code()).as(outcome.err()).isZero();
            assertThat(user.home().resolve("More.tar")).hasSameBinaryContentAs(shared.resolve("More.tar"));
        }
    }

    @Test
    void withoutThemAUserIsRefusedAndTold() throws Exception {
        try (FreshUser user = user("jbuild-test", "")) {
            Files.writeString(user.home().resolve("context/More"), "FROM owned:1\nUSER 1000:1001\nRUN id\n");
            Outcome outcome = build(user, "More");
            assertThat(outcome.code()).isNotZero();
            assertThat(outcome.err())
                    .contains("RUN cannot run as user 1000:1001: there is only one user in this user namespace; give")
                    .contains("/etc/subuid");

            Files.writeString(user.home().resolve("context/More"), "FROM owned:1\nRUN touch /x && chown 7 /x\n");
            assertThat(build(user, "More").err())
                    .contains("exit code: 1: there is only one user in this user namespace, to whom all files belong");
        }
    }
}
