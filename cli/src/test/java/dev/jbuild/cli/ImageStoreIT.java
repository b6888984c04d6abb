package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.fake.FakeRegistry;
import dev.jbuild.layerstore.fake.Fault;
import dev.jbuild.layerstore.fake.Shell;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The commands for images as processes: stopped by Ctrl-C, and run by a user to whom the store does not belong.
@Timeout(60)
class ImageStoreIT {
    @TempDir
    Path directory;

    private Jbuild jbuild;

    @BeforeEach
    void images() throws IOException, InterruptedException {
        jbuild = Jbuild.in(directory);
        try (LayerStore store = LayerStore.open(jbuild.store())) {
            new StoreFixture(store).image("app:1", 1000);
        }
    }

    @AfterEach
    void remove() {
        jbuild.close();
    }

    /// Half of a layer is there when the signal comes. Nothing is left of it, and the next try succeeds.
    @Test
    void ctrlCEndsAPullCleanly() throws Exception {
        try (FakeRegistry registry = FakeRegistry.start()) {
            registry.putImage(
                    "team/app",
                    "2",
                    Platform.host(),
                    ContainerConfig.EMPTY,
                    List.of(StoreFixture.tar("file", 3_000_000)));
            registry.spoil("GET", "/blobs/", new Fault.StallAfter(200), new Fault.StallAfter(200));
            String remote = registry.host() + "/team/app:2";
            try (RunningBuild pull =
                    RunningBuild.start(jbuild.prepare(directory, List.of("pull", "--progress=plain", remote)))) {
                registry.awaitStall();
                stop(pull);
            }
            assertThat(jbuild.run("images", "-q", remote).out()).isEmpty();
            assertThat(jbuild.store().resolve("tmp")).isEmptyDirectory();
            assertThat(jbuild.run("pull", "-q", remote).out()).isEqualTo(remote + "\n");
        }
    }

    /// A registry that takes the connection and says nothing.
    @Test
    void ctrlCEndsAPushThatGetsNoAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String remote = "127.0.0.1:" + silent.getLocalPort() + "/team/app:1";
            jbuild.run("tag", "app:1", remote);
            try (RunningBuild push =
                    RunningBuild.start(jbuild.prepare(directory, List.of("push", "--progress=plain", remote)))) {
                push.waitFor("#1 pushing " + remote);
                try (Socket _ = silent.accept()) {
                    stop(push);
                }
            }
            assertThat(jbuild.store().resolve("tmp")).isEmptyDirectory();
        }
    }

    private static void stop(RunningBuild transfer) throws IOException, InterruptedException {
        Shell.run("kill -INT $1", transfer.pid());
        assertThat(transfer.join()).as(transfer.said()).isEqualTo(ExitCode.CANCELLED.code());
        assertThat(transfer.said()).contains("#1 CANCELED\n", "ERROR: canceled\n");
    }

    /// Somebody else's store is good enough for looking at it, and for taking copies.
    @Test
    void anOrdinaryUserLooksAtAStoreThatBelongsToRoot() throws Exception {
        Shell.run("chmod -R a+rX \"$1\" && chmod a+x \"$1\"/..", directory);
        try (FreshUser user = FreshUser.make("jbuildlooks", "")) {
            for (String command : List.of(
                    "images --digests",
                    "inspect app:1",
                    "history app:1",
                    "du --verbose",
                    "prune --dry-run",
                    "save -o mine.tar app:1",
                    "explore --format=table app:1")) {
                Outcome asRoot = jbuild.run(command.split(" ", -1));
                Outcome asUser = as(user, command);
                assertThat(asUser.err()).as(command).isEqualTo(asRoot.err());
                assertThat(asUser.code()).as(command).isZero();
                assertThat(asUser.out()).as(command).isEqualTo(asRoot.out());
            }
            for (String command : List.of("tag app:1 app:2", "rmi app:1", "load -i mine.tar")) {
                Outcome refused = as(user, command);
                assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.STORE_OR_REGISTRY.code());
                assertThat(refused.err()).as(command).startsWith("ERROR: ").contains(jbuild.store() + "/");
            }
            assertThat(jbuild.run("images", "-q", "--no-trunc").out()).hasLineCount(1);
        }
    }

    private Outcome as(FreshUser user, String command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(jbuild.launcher().toString()));
        line.addAll(List.of(command.split(" ", -1)));
        return user.run(Map.of("JBUILD_ROOT", jbuild.store().toString()), line);
    }
}
