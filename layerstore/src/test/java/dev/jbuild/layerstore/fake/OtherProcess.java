package dev.jbuild.layerstore.fake;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.layerstore.snapshot.MountedView;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A second process that uses the same store. It does what it is told, says `ready`, and goes on when it is told.
public final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private OtherProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /// Starts a process and waits until it says that it is ready.
    public static OtherProcess start(String... arguments) throws IOException {
        return startUnder(List.of(), arguments);
    }

    /// Starts it by way of another program, such as `unshare`.
    public static OtherProcess startUnder(List<String> wrapper, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        OtherProcess other = new OtherProcess(process);
        String line = other.output.readLine();
        if (!"ready".equals(line)) {
            other.kill();
            throw new AssertionError("the other process said " + line);
        }
        return other;
    }

    /// Kills it as `kill -9` does.
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /// Lets it go on, and waits for its end.
    public void finish() throws IOException {
        process.getOutputStream().close();
        if (process.onExit().join().exitValue() != 0) {
            throw new AssertionError("the other process failed");
        }
    }

    @Override
    public void close() {
        kill();
    }

    /// What the other process does.
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "share" -> {
                try (LayerStore store = LayerStore.open(root)) {
                    ready(store);
                }
            }
            case "lock" -> {
                try (LayerStore store = LayerStore.open(root)) {
                    StoreLock lock = store.lock(arguments[2]);
                    ready(store);
                    lock.close();
                }
            }
            case "work" -> {
                try (LayerStore store = LayerStore.open(root)) {
                    BlobWriter blob = store.content().newBlob();
                    blob.out().write(new byte[100]);
                    Files.writeString(store.newTempDir("test").resolve("file"), "unfinished");
                    ready(store);
                    blob.close();
                }
            }
            case "mount" -> {
                try (LayerStore store = LayerStore.open(root)) {
                    ActiveSnapshot active =
                            store.snapshots().prepare(store.snapshots().list().toList());
                    Files.writeString(active.path().resolve("file"), "unfinished");
                    ready(store);
                    active.close();
                }
            }
            case "change" -> {
                try (LayerStore store = LayerStore.open(root)) {
                    List<SnapshotId> layers = new ArrayList<>();
                    for (int i = 2; i < arguments.length; i++) {
                        ActiveSnapshot active = store.snapshots().prepare(layers);
                        Shell.run("cd \"$1\"; " + arguments[i], active.path());
                        layers.add(store.snapshots().commit(active));
                    }
                    try (MountedView view = store.snapshots().view(layers)) {
                        Files.writeString(root.resolve("seen"), Shell.run("cd \"$1\"; find . | sort", view.path()));
                    }
                    LayerBlob blob = store.snapshots()
                            .blob(layers.getLast(), new LayerFormat(Compression.NONE, Compression.DEFAULT_LEVEL, null));
                    store.snapshots()
                            .unpack(
                                    List.of(blob.diffId()),
                                    List::of,
                                    () -> store.content().open(blob.descriptor()));
                    LayerBlob again = store.snapshots()
                            .blob(
                                    SnapshotId.of(blob.diffId()),
                                    new LayerFormat(Compression.NONE, Compression.DEFAULT_LEVEL, null));
                    if (!again.equals(blob)) {
                        throw new AssertionError(again + " is not " + blob);
                    }
                    Files.copy(store.content().path(blob.descriptor().digest()), root.resolve("layer.tar"));
                    ready(store);
                }
            }
            case "count" -> {
                try (LayerStore store = LayerStore.open(root)) {
                    System.out.println("ready");
                    Path counter = Path.of(arguments[2]);
                    for (int i = 0; i < 100; i++) {
                        StoreLock lock = store.lock("counter");
                        int before = Integer.parseInt(Files.readString(counter));
                        Files.writeString(counter, Integer.toString(before + 1));
                        lock.close();
                    }
                }
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void ready(LayerStore store) throws IOException {
        System.out.println("ready");
        if (System.in.read() >= 0) {
            throw new IllegalStateException("nobody writes to " + store.root());
        }
    }
}
