package dev.jbuild.layerstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.layerstore.fake.OtherProcess;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerStoreTest {
    @TempDir
    Path temp;

    private Path root() {
        return temp.resolve("a store");
    }

    @Test
    void aNewStoreHasItsFolders() throws Exception {
        try (LayerStore store = LayerStore.open(root())) {
            try (Stream<Path> files = Files.list(root())) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder(
                                "blobs",
                                "boot",
                                "cache",
                                "contexts",
                                "format",
                                "images",
                                "locks",
                                "marks",
                                "mounts",
                                "snapshots",
                                "tmp");
            }
            assertThat(Files.getPosixFilePermissions(root())).hasSize(3);
            assertThat(store.cacheDir()).isDirectory();
            assertThat(store.mountsDir()).isDirectory();
            assertThat(store.contextsDir()).isDirectory();
            assertThat(store.newTempDir("x")).isEmptyDirectory();
        }
        assertThat(root().resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void aStoreOfTheFutureIsLeftAlone() throws Exception {
        LayerStore.open(root()).close();
        Files.writeString(root().resolve("format"), "2\n");
        assertThatThrownBy(() -> LayerStore.open(root()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNSUPPORTED))
                .hasMessageContainingAll("format 2", root().toString(), "--root");
    }

    @Test
    void aStoreWhoseMakerWasKilledIsFinished() throws Exception {
        Files.createDirectories(root().resolve("blobs"));
        Files.createFile(root().resolve("format"));
        LayerStore.open(root()).close();
        assertThat(root().resolve("format")).hasContent("1");
    }

    @Test
    void buildsShareAndPruningIsAlone() throws Exception {
        try (LayerStore one = LayerStore.open(root());
                LayerStore two = LayerStore.open(root())) {
            assertThat(LayerStore.tryOpenExclusive(root())).isEmpty();
            assertThat(one.root()).isEqualTo(two.root());
        }
        LayerStore alone = LayerStore.tryOpenExclusive(root()).orElseThrow();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(LayerStore.tryOpenExclusive(root())).isEmpty();
            Future<LayerStore> waiting = threads.submit(() -> LayerStore.open(root()));
            assertThatThrownBy(() -> waiting.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(Exception.class);
            alone.close();
            waiting.get().close();
        }
    }

    @Test
    void processesShareToo() throws Exception {
        try (OtherProcess other = OtherProcess.start("share", root().toString())) {
            LayerStore.open(root()).close();
            assertThat(LayerStore.tryOpenExclusive(root())).isEmpty();
            other.finish();
        }
        LayerStore.openExclusive(root()).close();
    }

    @Test
    void aLockKeepsOtherProcessesOut() throws Exception {
        try (LayerStore store = LayerStore.open(root());
                OtherProcess other = OtherProcess.start("lock", root().toString(), "key")) {
            assertThat(store.tryLock("key")).isEmpty();
            Optional<StoreLock> another = store.tryLock("another key");
            assertThat(another).isPresent();
            another.orElseThrow().close();
            other.kill();
            store.lock("key").close();
        }
    }

    @Test
    void aCounterUnderALockMissesNothing() throws Exception {
        Path counter = Files.writeString(temp.resolve("counter"), "0");
        LayerStore.open(root()).close();
        try (OtherProcess one = OtherProcess.start("count", root().toString(), counter.toString());
                OtherProcess two = OtherProcess.start("count", root().toString(), counter.toString());
                LayerStore store = LayerStore.open(root());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 10; t++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 10; i++) {
                        StoreLock lock = store.lock("counter");
                        int before = Integer.parseInt(Files.readString(counter));
                        Files.writeString(counter, Integer.toString(before + 1));
                        lock.close();
                    }
                    return null;
                }));
            }
            for (Future<?> one1 : all) {
                one1.get();
            }
            one.finish();
            two.finish();
        }
        assertThat(counter).hasContent("300");
    }

    @Test
    void waitingForALockCanBeInterrupted() throws Exception {
        try (LayerStore store = LayerStore.open(root());
                OtherProcess other = OtherProcess.start("lock", root().toString(), "key")) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            for (int i = 0; i < 2; i++) {
                Thread waiting = Thread.ofVirtual().start(() -> {
                    started.countDown();
                    try {
                        store.lock("key").close();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                });
                started.await();
                waiting.interrupt();
                waiting.join();
                assertThat(interrupted.getCount()).isZero();
            }
            other.kill();
            store.lock("key").close();
        }
    }

    @Test
    void whatAKilledProcessLeftIsSwept() throws Exception {
        try (OtherProcess other = OtherProcess.start("work", root().toString())) {
            LayerStore.open(root()).close();
            try (Stream<Path> files = Files.walk(root().resolve("tmp"))) {
                assertThat(files.filter(Files::isRegularFile)).hasSize(2);
            }
            other.kill();
        }
        LayerStore.open(root()).close();
        assertThat(root().resolve("tmp")).isEmptyDirectory();
        assertThat(root().resolve("blobs/sha256")).isEmptyDirectory();
    }

    @Test
    void namesStandForImages() throws Exception {
        Digest digest = Digest.of(new byte[0]);
        Instant tagged = Instant.parse("2026-01-02T03:04:05.678Z");
        Descriptor image =
                new Descriptor("application/x", digest, 7, Platform.parse("linux/arm/v7"), Map.of("a=b\n", "c\\n\n"));
        String longName = "registry.example:5000/" + "team/".repeat(80) + "app:1";
        try (LayerStore store = LayerStore.open(root())) {
            assertThat(store.images().get("x")).isEmpty();
            store.images().put(longName, image, tagged);
            store.images().put("docker.io/library/a:1", new Descriptor("application/y", digest, 8), tagged);
            store.images().put("docker.io/library/a:1", new Descriptor("application/z", digest, 9), tagged);
        }
        try (LayerStore store = LayerStore.open(root())) {
            assertThat(store.images().get(longName)).contains(image);
            assertThat(store.images().list())
                    .containsExactly(
                            new ImageStore.Entry(
                                    "docker.io/library/a:1", new Descriptor("application/z", digest, 9), tagged),
                            new ImageStore.Entry(longName, image, tagged));
            assertThat(store.images().remove(longName)).isTrue();
            assertThat(store.images().remove(longName)).isFalse();
            assertThat(store.images().list()).hasSize(1);
        }
    }

    @Test
    void garbageIsWhatNothingRefersTo() throws Exception {
        SnapshotId kept;
        SnapshotId unused;
        LayerBlob blob;
        Descriptor alone;
        Descriptor named;
        try (LayerStore store = LayerStore.open(root())) {
            kept = snapshot(store, "kept");
            unused = snapshot(store, "unused");
            blob = store.snapshots().blob(kept, LayerFormat.gzip());
            alone = store.content().put("application/x", new byte[3000]);
            named = store.content().put("application/x", new byte[40]);
            Garbage garbage = store.garbage(Set.of(kept), Set.of(named.digest()));
            assertThat(garbage).isEqualTo(new Garbage(List.of(unused), List.of(alone.digest()), 3006));
            assertThatThrownBy(() -> store.remove(garbage)).hasMessageContaining("exclusively");
        }
        try (LayerStore store = LayerStore.openExclusive(root())) {
            store.remove(store.garbage(Set.of(kept), Set.of(named.digest())));
            assertThat(store.snapshots().list()).containsExactly(kept);
            assertThat(store.content().list())
                    .containsExactlyInAnyOrder(named.digest(), blob.descriptor().digest());
        }
    }

    private static SnapshotId snapshot(LayerStore store, String content) throws Exception {
        ActiveSnapshot active = store.snapshots().prepare(List.of());
        Files.writeString(active.path().resolve("file"), content);
        return store.snapshots().commit(active);
    }
}
