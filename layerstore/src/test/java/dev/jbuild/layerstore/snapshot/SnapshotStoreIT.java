package dev.jbuild.layerstore.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.fake.Shell;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Overlay mounts of a real kernel.
class SnapshotStoreIT {
    @TempDir
    Path temp;

    private LayerStore store;
    private SnapshotStore snapshots;

    @BeforeAll
    static void needsRoot() {
        assumeTrue(Kernel.effectiveUser() == 0, "not root: overlay cannot be mounted");
    }

    @BeforeEach
    void open() throws Exception {
        store = LayerStore.open(temp.resolve("store"));
        snapshots = store.snapshots();
    }

    @AfterEach
    void close() throws Exception {
        store.close();
        assertThat(Kernel.mountsBelow(temp)).isEmpty();
        assertThat(temp.resolve("store/tmp")).isEmptyDirectory();
    }

    private SnapshotId change(List<SnapshotId> below, String script) {
        ActiveSnapshot active = snapshots.prepare(below);
        Shell.run("cd \"$1\"; " + script, active.path());
        return snapshots.commit(active);
    }

    private String list(List<SnapshotId> layers) {
        try (MountedView view = snapshots.view(layers)) {
            return Shell.run("cd \"$1\"; find . -mindepth 1 | sort | tr '\\n' ' '", view.path())
                    .strip();
        }
    }

    private static SnapshotId unpack(LayerStore into, LayerBlob blob, LayerStore from) throws InterruptedException {
        return into.snapshots()
                .unpack(List.of(blob.diffId()), List::of, () -> from.content().open(blob.descriptor()));
    }

    @Test
    void aLayerHoldsExactlyWhatAnInstructionDid() throws Exception {
        SnapshotId base =
                change(List.of(), "mkdir -p etc old/deep gone; echo a > etc/a; echo b > etc/b; echo x > old/x");
        SnapshotId next = change(
                List.of(base),
                "rm etc/a; rm -r old; mkdir old new new/inner; echo y > old/y; rm -r gone; chmod 700 etc");
        LayerBlob blob = snapshots.blob(next, new LayerFormat(Compression.NONE, -1, null));

        assertThat(Shell.run(
                        "tar -tf \"$1\"", store.content().path(blob.descriptor().digest())))
                .isEqualTo("""
                        etc/
                        etc/.wh.a
                        .wh.gone
                        new/
                        new/inner/
                        old/
                        old/.wh..wh..opq
                        old/y
                        """);
        assertThat(blob.diffId().digest()).isEqualTo(blob.descriptor().digest());
        assertThat(list(List.of(base, next))).isEqualTo("./etc ./etc/b ./new ./new/inner ./old ./old/y");
    }

    @ParameterizedTest
    // eStargz adds two files of its own: EstargzTest.
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ESTARGZ")
    void aSnapshotComesBackFromItsBlobInAnotherStore(Compression compression) throws Exception {
        SnapshotId base = change(
                List.of(), "mkdir -p d/e; echo 1 > d/1; echo 2 > d/e/2; ln -s d l; head -c 3000000 /dev/urandom > r");
        SnapshotId next = change(
                List.of(base),
                "rm -r d/e; mkdir d/e; rm l; ln d/1 d/one; chown 7:8 d/1; chmod 4755 d/1; touch -d '2001-01-01 1:1:1.5' d");
        LayerFormat format = new LayerFormat(compression, Compression.DEFAULT_LEVEL, null);
        try (LayerStore other = LayerStore.open(temp.resolve("other"))) {
            SnapshotId base2 = unpack(other, snapshots.blob(base, format), store);
            LayerBlob blob = snapshots.blob(next, format);
            SnapshotId next2 = other.snapshots()
                    .unpack(
                            List.of(snapshots.blob(base, format).diffId(), blob.diffId()),
                            () -> List.of(base2),
                            () -> store.content().open(blob.descriptor()));
            try (MountedView here = snapshots.view(List.of(base, next));
                    MountedView there = other.snapshots().view(List.of(base2, next2))) {
                assertThat(Shell.describe(there.path())).isEqualTo(Shell.describe(here.path()));
            }
            assertThat(next2.value()).isEqualTo(blob.diffId().digest().hex());
            assertThat(other.snapshots().blob(next2, format)).isEqualTo(blob);
        }
    }

    @Test
    void aBlobIsMadeOnceAndAgainOnlyIfItIsGone() throws Exception {
        SnapshotId id = change(List.of(), "head -c 5000000 /dev/zero > z");
        List<Callable<LayerBlob>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(() -> snapshots.blob(id, LayerFormat.gzip()));
        }
        Set<LayerBlob> blobs = new java.util.HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<LayerBlob> blob : threads.invokeAll(calls)) {
                blobs.add(blob.get());
            }
        }
        assertThat(blobs).hasSize(1);
        Path file = store.content().path(blobs.iterator().next().descriptor().digest());
        Object made = Files.getLastModifiedTime(file);
        snapshots.blob(id, LayerFormat.gzip());
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(made);
        Files.delete(file);
        assertThat(snapshots.blob(id, LayerFormat.gzip())).isIn(blobs);
        assertThat(file).exists();
        assertThat(snapshots.blobs(id)).hasSize(1);
    }

    @Test
    void timesAreClampedWhenTheTarIsFirstWritten() throws Exception {
        SnapshotId base = change(List.of(), "mkdir d; echo > d/gone; touch -d '1999-01-01' d/old");
        SnapshotId next = change(List.of(base), "rm d/gone; touch -d '1999-01-01' d/older");
        SnapshotId again = change(List.of(base), "rm d/gone; touch -d '1999-01-01' d/older");
        LayerFormat clamped = new LayerFormat(Compression.GZIP, 1, Instant.parse("2000-01-01T00:00:00Z"));
        LayerBlob blob = snapshots.blob(next, clamped);
        assertThat(Shell.run(
                        "tar -tvzf \"$1\" | awk '{print $4, $6}'",
                        store.content().path(blob.descriptor().digest())))
                .isEqualTo("2000-01-01 d/\n2000-01-01 d/.wh.gone\n1999-01-01 d/older\n");
        assertThat(snapshots.blob(again, clamped)).isEqualTo(blob);
    }

    @Test
    void viewsShowNoMarks() throws Exception {
        assertThat(list(List.of())).isEmpty();
        SnapshotId base = change(List.of(), "echo > a; echo > b");
        SnapshotId next = change(List.of(base), "rm a");
        assertThat(list(List.of(next))).isEmpty();
        assertThat(list(List.of(base))).isEqualTo("./a ./b");
        try (MountedView view = snapshots.view(List.of(base, next))) {
            assertThatThrownBy(() -> Files.createFile(view.path().resolve("new")))
                    .hasMessageContaining("Read-only");
        }
    }

    @Test
    void theRootDirectoryKeepsItsOwnerAndMode() {
        SnapshotId base = change(List.of(), "chmod 711 .; chown 3:4 .");
        try (ActiveSnapshot active = snapshots.prepare(List.of(base))) {
            assertThat(Shell.run("stat -c '%a %u:%g' \"$1\"", active.path())).isEqualTo("711 3:4\n");
        }
    }

    @Test
    void nothingIsLeftOfWhatWasNotCommitted() {
        try (ActiveSnapshot active = snapshots.prepare(List.of(change(List.of(), "echo > a")))) {
            Shell.run(
                    "cd \"$1\"; mkdir -m 000 d; echo > a; mknod n c 1 3; mount -t tmpfs none \"$1/d\"", active.path());
        }
        assertThat(snapshots.list()).hasSize(1);
    }

    @Test
    void moreLayersThanOverlayTakes() {
        List<SnapshotId> layers = new ArrayList<>();
        for (int i = 0; i < 520; i++) {
            ActiveSnapshot active = snapshots.prepare(List.of());
            Shell.run("cd \"$1\"; echo $2 > last; echo > of-$2", active.path(), i);
            layers.add(snapshots.commit(active));
        }
        SnapshotId top = change(layers, "rm of-3 of-515; cat last > seen");
        layers.add(top);
        try (MountedView view = snapshots.view(layers)) {
            assertThat(Shell.run("cd \"$1\"; cat seen; ls | wc -l", view.path()))
                    .isEqualTo("519\n520\n");
        }
    }

    @Test
    void aLayerThatDoesNotStandAloneIsUnpackedOverItsParents() throws Exception {
        byte[] base =
                tar("mkdir -p real/dir; chmod 1777 real; chown 9 real/dir; echo f > real/f; ln -s real link", ".");
        byte[] linked = tar("mkdir real; echo f > real/f; ln real/f hard", "real/f hard", "real/f");
        byte[] implicit = tar("mkdir -p real/dir link; echo n > real/dir/n; echo o > link/o", "real/dir/n link/o");
        for (byte[] layer : List.of(linked, implicit)) {
            List<DiffId> chain = List.of(id(base), id(layer));
            AtomicInteger asked = new AtomicInteger();
            SnapshotId below = snapshots.unpack(chain.subList(0, 1), List::of, () -> new ByteArrayInputStream(base));
            assertThat(snapshots.find(chain)).isEmpty();
            SnapshotId top = snapshots.unpack(
                    chain,
                    () -> {
                        asked.incrementAndGet();
                        return List.of(below);
                    },
                    () -> new ByteArrayInputStream(layer));
            assertThat(asked).hasValue(1);
            assertThat(snapshots.find(chain)).contains(top);
            assertThat(top.value()).isNotEqualTo(id(layer).digest().hex());
            try (MountedView view = snapshots.view(List.of(below, top))) {
                assertThat(Shell.run("cd \"$1\"; stat -c '%n %F %a %u' link real real/dir; cat real/f", view.path()))
                        .isEqualTo("link symbolic link 777 0\nreal directory 1777 0\nreal/dir directory 755 9\nf\n");
                if (layer == implicit) {
                    assertThat(Shell.run("cd \"$1\"; cat real/o real/dir/n", view.path()))
                            .isEqualTo("o\nn\n");
                } else {
                    assertThat(Shell.run("cd \"$1\"; stat -c %h real/f hard", view.path()))
                            .isEqualTo("2\n2\n");
                }
            }
        }
    }

    @Test
    void aBaseWithoutDirectoryEntriesIsNotTakenForALayerAboveOthers() throws Exception {
        byte[] implicit = tar("mkdir -p tmp; echo n > tmp/n", "tmp/n");
        byte[] base = tar("mkdir -p tmp; chmod 1777 tmp", ".");
        snapshots.unpack(List.of(id(implicit)), List::of, () -> new ByteArrayInputStream(implicit));
        SnapshotId below = snapshots.unpack(List.of(id(base)), List::of, () -> new ByteArrayInputStream(base));
        List<DiffId> chain = List.of(id(base), id(implicit));
        SnapshotId top = snapshots.unpack(chain, () -> List.of(below), () -> new ByteArrayInputStream(implicit));
        try (MountedView view = snapshots.view(List.of(below, top))) {
            assertThat(Shell.run("cd \"$1\"; stat -c '%n %a' tmp tmp/n", view.path()))
                    .isEqualTo("tmp 1777\ntmp/n 644\n");
        }
    }

    @Test
    void oneOfManyUnpacksALayer() throws Exception {
        byte[] layer = tar("mkdir d; for i in $(seq 300); do echo $i > d/$i; done", ".");
        AtomicInteger opened = new AtomicInteger();
        List<Callable<SnapshotId>> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            calls.add(() -> snapshots.unpack(List.of(id(layer)), List::of, () -> {
                opened.incrementAndGet();
                return new ByteArrayInputStream(layer);
            }));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<SnapshotId> id : threads.invokeAll(calls)) {
                assertThat(id.get()).isEqualTo(SnapshotId.of(id(layer)));
            }
        }
        assertThat(opened).hasValue(1);
        assertThat(snapshots.size(SnapshotId.of(id(layer)))).isEqualTo(9 * 2 + 90 * 3 + 201 * 4);
    }

    @Test
    void aLayerWithAnotherDiffIdIsRefused() {
        byte[] layer = tar("echo evil > f", ".");
        DiffId promised = new DiffId(Digest.of(new byte[] {1}));
        assertThatThrownBy(() -> snapshots.unpack(List.of(promised), List::of, () -> new ByteArrayInputStream(layer)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT))
                .hasMessageContaining(promised.toString())
                .hasMessageContaining(id(layer).toString());
        assertThat(snapshots.list()).isEmpty();
    }

    @Test
    void whatWasNotSyncedCountsOnlyUntilTheMachineRestarts() throws Exception {
        SnapshotId synced = change(List.of(), "echo > a");
        store.sync();
        SnapshotId lost = change(List.of(), "echo > b");
        Shell.run(
                "sed -i 's/^boot=.*/boot=another/' \"$1\"/snapshots/*/meta; echo another > \"$1/boot\"", store.root());
        assertThat(snapshots.contains(lost)).isFalse();
        try (LayerStore again = LayerStore.open(store.root())) {
            assertThat(again.snapshots().list()).containsExactly(synced);
        }
        assertThat(store.root().resolve("snapshots/" + lost)).doesNotExist();
    }

    private static DiffId id(byte[] tar) {
        return new DiffId(Digest.of(tar));
    }

    /// A layer of GNU tar's: these members of a tree that this script makes.
    private byte[] tar(String script, String members, String... without) {
        try {
            Path tree = Files.createTempDirectory(temp, "tar");
            Shell.run("cd \"$1\"; " + script, tree);
            Path tar = temp.resolve("layer.tar");
            Shell.run("cd \"$1\"; tar -c --no-recursion -f \"$2\" $(find " + members + ")", tree, tar);
            for (String member : without) {
                Shell.run("tar --delete -f \"$1\" \"$2\"", tar, member);
            }
            return Files.readAllBytes(tar);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
