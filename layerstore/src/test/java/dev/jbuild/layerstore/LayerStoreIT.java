package dev.jbuild.layerstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.StoreException.Kind;
import dev.jbuild.layerstore.fake.HostileTar;
import dev.jbuild.layerstore.fake.OtherProcess;
import dev.jbuild.layerstore.fake.Shell;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The store where machines fail: processes that are killed, disks that are full or cannot be written, users who
/// are not root.
class LayerStoreIT {
    @TempDir
    Path temp;

    private Path disk;

    @BeforeAll
    static void needsRoot() {
        assumeTrue(Kernel.effectiveUser() == 0, "not root: nothing can be mounted");
    }

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(temp.resolve("disk"));
        Kernel.mountTmpfs(disk, "size=2m,mode=755");
    }

    @AfterEach
    void unmount() throws Exception {
        Kernel.detachMountsBelow(temp);
    }

    @Test
    void aFullDiskIsNamedAndTheStoreStaysWhole() throws Exception {
        byte[] layer = new HostileTar(0).file("big", "x".repeat(3 << 20)).bytes();
        DiffId id = new DiffId(Digest.of(layer));
        try (LayerStore store = LayerStore.open(disk.resolve("store"))) {
            assertThatThrownBy(() -> store.content().put("x", new byte[3 << 20]))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FULL))
                    .hasMessageContainingAll(disk.toString(), "disk is full", "prune");
            assertThatThrownBy(() ->
                            store.snapshots().unpack(List.of(id), List::of, () -> new ByteArrayInputStream(layer)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FULL))
                    .hasMessageContaining("disk is full");
            assertThat(store.content().list()).isEmpty();
            assertThat(store.snapshots().list()).isEmpty();
            assertThat(store.content().put("x", new byte[1 << 20]).size()).isEqualTo(1 << 20);
        }
    }

    @Test
    void aStoreThatCannotBeWrittenIsNamed() throws Exception {
        LayerStore.open(disk.resolve("store")).close();
        Shell.run("mount -o remount,ro \"$1\"", disk);
        for (String store : List.of("store", "new")) {
            assertThatThrownBy(() -> LayerStore.open(disk.resolve(store)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.READ_ONLY))
                    .hasMessageContainingAll(disk.toString(), "--root");
        }
    }

    @Test
    void whatAKilledProcessHadMountedIsUnmounted() throws Exception {
        Path root = temp.resolve("store");
        SnapshotId base;
        try (LayerStore store = LayerStore.open(root)) {
            ActiveSnapshot active = store.snapshots().prepare(List.of());
            Files.writeString(active.path().resolve("base"), "base");
            base = store.snapshots().commit(active);
        }
        try (OtherProcess other = OtherProcess.start("mount", root.toString())) {
            assertThat(Kernel.mountsBelow(root)).hasSize(1);
            LayerStore.open(root).close();
            assertThat(Kernel.mountsBelow(root)).hasSize(1);
            other.kill();
        }
        try (LayerStore store = LayerStore.open(root)) {
            assertThat(Kernel.mountsBelow(root)).isEmpty();
            assertThat(store.snapshots().list()).containsExactly(base);
        }
        assertThat(root.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void aUserNamespaceHasOverlayToo() throws Exception {
        List<String> unshare = List.of("unshare", "--user", "--map-root-user", "--mount");
        try {
            Shell.run("unshare --user --map-root-user --mount true");
        } catch (AssertionError e) {
            assumeTrue(false, "this machine has no user namespaces: " + e.getMessage());
        }
        Path root = temp.resolve("store");
        try (OtherProcess other = OtherProcess.startUnder(
                unshare,
                "change",
                root.toString(),
                "mkdir -p a/b c; echo > a/b/f; echo > c/g",
                "rm -r a; mkdir a; echo > a/new; rm c/g")) {
            other.finish();
        }
        assertThat(root.resolve("seen")).hasContent(".\n./a\n./a/new\n./c");
        assertThat(Shell.run("tar -tf \"$1\"", root.resolve("layer.tar")))
                .isEqualTo("a/\na/.wh..wh..opq\na/new\nc/\nc/.wh.g\n");
    }
}
