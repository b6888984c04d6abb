package dev.jbuild.layerstore.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.fake.Shell;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.oci.DiffId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Without mounts, layers come out byte for byte as overlay makes them.
class CopiedSnapshotsIT {
    /// Times of what a script does differ between two runs: nothing is newer than the base's files.
    private static final LayerFormat FORMAT =
            new LayerFormat(Compression.NONE, Compression.DEFAULT_LEVEL, Instant.parse("2001-02-03T04:05:06Z"));

    private static final String BASE = """
            mkdir -p etc old/deep/er gone a/b/c merged many
            for f in etc/a etc/b old/x old/deep/y gone/z a/b/c/file merged/one merged/two file other; do echo $f > $f; done
            for i in 1 2 3 4 5; do echo $i > many/$i; done
            ln file linked; ln -s file link; mkfifo fifo; chown 7:8 etc/b; chmod 4755 other; chmod 700 merged
            setfattr -n user.x -v y etc/a
            find . -exec touch -h -d '2001-01-01 1:1:1.5' {} +
            """;

    @TempDir
    Path temp;

    private LayerStore mounting;
    private LayerStore copying;

    @BeforeAll
    static void needsRoot() {
        assumeTrue(Kernel.effectiveUser() == 0, "not root: overlay cannot be mounted to compare with");
        assumeTrue(Shell.has("setfattr"), "setfattr is not here: run testdata/prepare");
    }

    @BeforeEach
    void open() throws Exception {
        mounting = LayerStore.open(temp.resolve("mounting"), Snapshotter.OVERLAY);
        copying = LayerStore.open(temp.resolve("copying"), Snapshotter.COPY);
    }

    @AfterEach
    void close() {
        mounting.close();
        copying.close();
        assertThat(temp.resolve("copying/tmp")).isEmptyDirectory();
    }

    private static SnapshotId change(LayerStore store, List<SnapshotId> below, String script) {
        try (ActiveSnapshot active = store.snapshots().prepare(below)) {
            Shell.run("cd \"$1\"; " + script, active.path());
            return store.snapshots().commit(active);
        }
    }

    private List<String> layers(LayerStore store, List<String> scripts) throws InterruptedException {
        List<SnapshotId> chain = new ArrayList<>();
        List<String> layers = new ArrayList<>();
        for (String script : scripts) {
            chain.add(change(store, chain, script));
            LayerBlob blob = store.snapshots().blob(chain.getLast(), FORMAT);
            Path tar = store.content().path(blob.descriptor().digest());
            layers.add(Shell.run("tar --list --verbose --numeric-owner -f \"$1\"", tar) + blob.diffId());
        }
        try (MountedView view = store.snapshots().view(chain)) {
            // Whole seconds of files that the scripts made just now differ, and so does the root directory's time.
            layers.add(Shell.run(
                    "cd \"$1\"; find . -mindepth 1 ! -type d -printf '%p %y %m %U:%G %l\\n' | sort", view.path()));
            layers.add(Shell.run("cd \"$1\"; find . -type f -exec md5sum {} + | sort", view.path()));
        }
        return layers;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "echo more >> a/b/c/file",
                "echo new > a/b/new; mkdir -p new/inner; echo n > new/inner/n; mkfifo new/pipe",
                "rm etc/a; rm -r gone; rmdir old/deep/er",
                "rm -r old; mkdir old; echo y > old/y",
                "rm merged/*; echo three > merged/three",
                "rm -r merged; mkdir merged",
                "rm file; mkdir file; echo x > file/x",
                "rm -r many; echo a file now > many",
                "chmod 755 merged; chown 1:2 a/b; chmod u-s other",
                "chmod 644 etc/a; chown 7:8 etc/b",
                "touch -d '1999-01-01 00:00:00.123456789' etc a/b/c/file",
                "setfattr -n user.z -v w etc/b; setfattr -x user.x etc/a",
                "ln file second; ln second a/third",
                "echo changed >> linked",
                "rm linked",
                "mv other moved; mv file etc/file",
                "mv a many/; mv etc/b etc/c",
                "rm -r many; mv old many",
                "echo x > a/temporary; rm a/temporary",
                "ln -sf elsewhere link; rm fifo; mknod fifo p; mknod null c 1 3",
                "chmod 711 .; chown 3:4 .; setfattr -n user.r -v r .",
                "rm -rf * .[a-z]*; echo all gone > left"
            })
    void aLayerHasTheSameBytes(String script) throws Exception {
        List<String> scripts = List.of(BASE, script, "echo again >> a/b/c/file || true; rm -f second; mkdir -p x");

        assertThat(layers(copying, scripts)).isEqualTo(layers(mounting, scripts));
    }

    @Test
    void aStoreOnAnOverlayHasMarksOfItsOwn() throws Exception {
        Path merged = Files.createDirectory(temp.resolve("merged"));
        Kernel.mountOverlay(
                List.of(Files.createDirectory(temp.resolve("lower"))),
                Files.createDirectory(temp.resolve("upper")),
                Files.createDirectory(temp.resolve("work")),
                merged);
        try (LayerStore onOverlay = LayerStore.open(merged.resolve("store"))) {
            List<String> scripts = List.of(
                    BASE,
                    "rm etc/a; rm -r old gone; mkdir old; rm merged/one; echo x >> linked; mv many a/b/; mkfifo new",
                    "rm -r a; mkdir -p a/b; touch -d '1999-01-01' etc; mv etc/b etc/c");
            assertThat(layers(onOverlay, scripts)).isEqualTo(layers(mounting, scripts));
            assertThat(merged.resolve("store/marks")).hasContent("files");
        } finally {
            Kernel.detachMount(merged);
        }
    }

    @Test
    void aLayerThatNeedsThoseBelowItIsUnpackedOverThem() throws Exception {
        SnapshotId base = change(mounting, List.of(), BASE);
        SnapshotId opaque = change(mounting, List.of(base), "rm -r old gone; mkdir old; rm merged/one; ln file hard");
        List<DiffId> chain = new ArrayList<>();
        List<SnapshotId> unpacked = new ArrayList<>();
        for (SnapshotId id : List.of(base, opaque)) {
            LayerBlob blob = mounting.snapshots().blob(id, FORMAT);
            chain.add(blob.diffId());
            List<SnapshotId> below = List.copyOf(unpacked);
            unpacked.add(copying.snapshots()
                    .unpack(
                            List.copyOf(chain),
                            () -> below,
                            () -> mounting.content().open(blob.descriptor())));
        }
        try (MountedView there = mounting.snapshots().view(List.of(base, opaque));
                MountedView here = copying.snapshots().view(unpacked)) {
            String list = "cd \"$1\"; find . -mindepth 1 | sort";
            assertThat(Shell.run(list, here.path())).isEqualTo(Shell.run(list, there.path()));
        }
    }

    @Test
    void whatIsPutThereForAWhileAndTakenAwayLeavesNoTrace() throws Exception {
        SnapshotId base = change(copying, List.of(), BASE);
        try (ActiveSnapshot active = copying.snapshots().prepare(List.of(base))) {
            Path etc = active.path().resolve("etc");
            assertThat(active.plain()).isTrue();
            assertThat(active.isUntouched(etc)).isTrue();
            Shell.run("cd \"$1\"; mv a ../aside; echo mine > a; rm a; mv ../aside a", etc);
            assertThat(active.isUntouched(etc)).isFalse();
            Shell.run("touch -d '2001-01-01 1:1:1.5' \"$1\" \"$1\"/..", etc);
            for (Path each : List.of(etc, etc.resolve("a"), active.path())) {
                active.acknowledge(each);
            }
            assertThat(active.isUntouched(etc)).isTrue();
            SnapshotId same = copying.snapshots().commit(active);
            assertThat(copying.snapshots().fs(same)).isEmptyDirectory();
        }
    }

    @Test
    void aTreeIsReadWhileItsCopyIsChanged() {
        SnapshotId base = change(copying, List.of(), BASE);
        SnapshotId next = change(copying, List.of(base), "echo 1 > one");
        try (MountedView view = copying.snapshots().view(List.of(base, next));
                MountedView again = copying.snapshots().view(List.of(base, next))) {
            assertThat(again.path()).isEqualTo(view.path());
            SnapshotId last = change(copying, List.of(base, next), "echo 2 > one");
            assertThat(view.path().resolve("one")).hasContent("1");
            try (MountedView changed = copying.snapshots().view(List.of(base, next, last))) {
                assertThat(changed.path().resolve("one")).hasContent("2");
            }
        }
    }
}
