package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.FakeIo;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.cache.CacheIndex;
import dev.jbuild.solver.cache.CacheKey;
import dev.jbuild.solver.cache.CacheRecord;
import dev.jbuild.solver.cache.Result;
import dev.jbuild.solver.graph.KeyPart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store with one of everything: an image with a name, a cached result with its layer blob, a result that no record
/// leads to, a cache mount, and the index of a context.
class PruneCommandTest {
    @TempDir
    Path root;

    private Cli jbuild;
    private SnapshotId cached;
    private SnapshotId orphan;

    @BeforeEach
    void oneOfEverything() throws IOException, InterruptedException {
        jbuild = new Cli(root);
        try (LayerStore store = LayerStore.open(root)) {
            new StoreFixture(store).image("app", 100);
            cached = snapshot(store, "result");
            store.snapshots().blob(cached, LayerFormat.gzip());
            CacheKey key = new CacheKey(List.of(new KeyPart("op", "run make")));
            new CacheIndex(store.cacheDir())
                    .put(
                            key,
                            new CacheRecord(
                                    new Result("layer " + cached, List.of(cached)),
                                    "[1/1] RUN make",
                                    key.parts(),
                                    Duration.ofSeconds(3)));
            orphan = snapshot(store, "left over");
            Path mount = Files.createDirectories(store.mountsDir().resolve("0123/fs"));
            Files.writeString(mount.resolve("file"), "cache mount");
            Files.writeString(mount.resolveSibling("id"), "/root/.cache");
            Files.writeString(store.contextsDir().resolve("abcd"), "index");
            Files.writeString(
                    Files.createDirectories(store.root().resolve("logs")).resolve("a.log"), "#1 said\n");
        }
    }

    private static SnapshotId snapshot(LayerStore store, String text) throws IOException {
        ActiveSnapshot active = store.snapshots().prepare(List.of());
        Files.writeString(active.path().resolve("file"), text);
        return store.snapshots().commit(active);
    }

    @Test
    void duShowsEachKindAndTheOrphan() {
        assertThat(jbuild.run("du").out()).matches("""
                TYPE                 COUNT   SIZE     RECLAIMABLE
                Images               1       \\S+ +0B
                Base images          0       0B       0B
                Snapshots            2       15B      15B
                Layer blobs          1       (\\S+) +\\1
                Cache mounts         1       23B      23B
                Cache records        1       (\\S+) +\\2
                Contexts             1       5B       5B
                Failed steps         0       0B       0B
                Build logs           1       8B       8B
                Remote sources       0       0B       0B
                Other blobs          0       0B       0B
                Total                8       \\S+ +\\S+
                Orphans among them   1       9B       9B
                """);
    }

    @Test
    void duNamesWhatMadeEachThing() {
        assertThat(jbuild.run("du", "--verbose").out())
                .containsPattern("snapshot +" + cached + " +6B +cached .*\\[1/1\\] RUN make")
                .containsPattern("snapshot +" + orphan + " +9B +orphan")
                .containsPattern("cache-mount +0123 +23B +cached .*/root/\\.cache")
                .containsPattern("image +sha256:\\S+ +\\S+ +kept .*app:latest");
    }

    @Test
    void pruneRemovesTheOrphanAndTheLog() throws InterruptedException {
        Cli.Result result = jbuild.run("prune", "--force");
        assertThat(result.out()).isEqualTo("Total reclaimed space: 17B\n");
        assertThat(root.resolve("logs")).isEmptyDirectory();
        try (LayerStore store = LayerStore.open(root)) {
            assertThat(store.snapshots().contains(orphan)).isFalse();
            assertThat(store.snapshots().contains(cached)).isTrue();
            assertThat(new CacheIndex(store.cacheDir()).list()).hasSize(1);
        }
    }

    @Test
    void pruneAllLeavesImagesWithANameOnly() throws InterruptedException {
        assertThat(jbuild.run("prune", "--all", "-f").code()).isEqualTo(ExitCode.OK);
        try (LayerStore store = LayerStore.open(root)) {
            assertThat(store.snapshots().list()).isEmpty();
            assertThat(new CacheIndex(store.cacheDir()).list()).isEmpty();
            assertThat(store.mountsDir()).isEmptyDirectory();
            assertThat(store.contextsDir()).isEmptyDirectory();
            assertThat(store.content().list()).hasSize(3);
        }
        assertThat(jbuild.run("inspect", "app").code()).isEqualTo(ExitCode.OK);
        assertThat(jbuild.run("du").out()).containsPattern("Total +1 +\\S+ +0B\n");
    }

    @Test
    void aDryRunRemovesNothing() {
        String before = jbuild.run("du", "--verbose").out();
        assertThat(jbuild.run("prune", "--all", "--dry-run").out())
                .contains("RUN make", orphan.value())
                .containsPattern("Would reclaim: \\S+\n$")
                .doesNotContain("app:latest");
        assertThat(jbuild.run("du", "--verbose").out()).isEqualTo(before);
    }

    @Test
    void asksAndTakesNoForNo() {
        Cli.Result no = jbuild.run(answering("\n"), "prune", "--all");
        assertThat(no.err()).endsWith("Are you sure you want to continue? [y/N] ");
        assertThat(no.out()).isEmpty();
        assertThat(jbuild.run(answering("y\n"), "prune").out()).isEqualTo("Total reclaimed space: 17B\n");
    }

    private static FakeIo answering(String answer) {
        return new FakeIo().terminal(80, 24).in(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
    }
}
