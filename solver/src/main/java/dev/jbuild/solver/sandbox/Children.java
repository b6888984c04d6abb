package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.solver.event.BuildEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Starts processes that never outlive this one, whatever ends it.
///
/// The kernel kills a child marked with a parent-death signal when the *thread* that started it ends, so one thread
/// that lives as long as the process starts them all.
public final class Children {
    private static final Duration GRACE = Duration.ofMillis(1500);
    private static final ExecutorService STARTER = starter("child-starter");

    private Children() {}

    /// A thread whose processes get the system call filter. It is on the thread, and so on whatever it starts.
    private static final class Filtered {
        static final ExecutorService STARTER = starter("filtered-child-starter");
        /// False if there is no filter for this machine's architecture, or none in its kernel.
        static final boolean PUT_ON = putOn(STARTER, SystemCallFilter.early());
    }

    /// The same for processes that join a user namespace.
    private static final class Joining {
        static final ExecutorService STARTER = starter("joining-child-starter");
        static final boolean PUT_ON = putOn(STARTER, SystemCallFilter.joining());
    }

    // Not in the classes above: the thread must not wait for their initialization, which waits for the thread.
    private static boolean putOn(ExecutorService starter, Optional<byte[]> program) {
        return program.isPresent()
                && CompletableFuture.supplyAsync(() -> accepted(program.get()), starter)
                        .join();
    }

    private static boolean accepted(byte[] program) {
        try {
            Kernel.filterSystemCalls(program);
            return true;
        } catch (KernelException e) {
            if (e.is(Errno.EINVAL) || e.is(Errno.ENOSYS)) {
                return false;
            }
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ExecutorService starter(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /// Whether [#runFiltered] filters.
    static boolean filters() {
        return Filtered.PUT_ON;
    }

    /// Runs a command to its end and hands out its output line by line. When the thread is interrupted, the command and
    /// all it started are asked to end, and are killed a little later.
    public static int run(List<String> command, Path directory, BiConsumer<BuildEvent.Stream, String> output)
            throws IOException, InterruptedException {
        return run(command, directory, environment -> {}, Mask.NONE, output);
    }

    /// The same, in an environment that was changed before, and with secrets masked in the output.
    public static int run(
            List<String> command,
            Path directory,
            Consumer<Map<String, String>> environment,
            Mask mask,
            BiConsumer<BuildEvent.Stream, String> output)
            throws IOException, InterruptedException {
        return run(command, directory, environment, mask, output, pid -> {});
    }

    /// The same; when the command has ended, its process ID is given away before its output is, so that what it left
    /// running can be ended.
    public static int run(
            List<String> command,
            Path directory,
            Consumer<Map<String, String>> environment,
            Mask mask,
            BiConsumer<BuildEvent.Stream, String> output,
            LongConsumer ended)
            throws IOException, InterruptedException {
        return run(STARTER, command, directory, environment, mask, output, ended);
    }

    private static int run(
            ExecutorService starter,
            List<String> command,
            Path directory,
            Consumer<Map<String, String>> environment,
            Mask mask,
            BiConsumer<BuildEvent.Stream, String> output,
            LongConsumer ended)
            throws IOException, InterruptedException {
        Process process = start(starter, command, directory, environment, false);
        Thread out = pump(process.getInputStream(), mask, line -> output.accept(BuildEvent.Stream.STDOUT, line));
        Thread err = pump(process.getErrorStream(), mask, line -> output.accept(BuildEvent.Stream.STDERR, line));
        try {
            process.getOutputStream().close();
            int code = process.waitFor();
            ended.accept(process.pid());
            out.join();
            err.join();
            return code;
        } catch (InterruptedException e) {
            end(process);
            joinQuietly(out);
            joinQuietly(err);
            throw e;
        }
    }

    /// The same with a sandbox's streams and mask. Only those of [Stdio#LINES] are heard of.
    public static int run(
            List<String> command,
            Path directory,
            Sandbox sandbox,
            Consumer<Map<String, String>> environment,
            BiConsumer<BuildEvent.Stream, String> output,
            LongConsumer ended)
            throws IOException, InterruptedException {
        return run(STARTER, command, directory, sandbox, environment, output, ended);
    }

    /// The same, with the system call filter on it from the start, unless the sandbox has every right.
    static int runFiltered(
            List<String> command,
            Path directory,
            Sandbox sandbox,
            Consumer<Map<String, String>> environment,
            BiConsumer<BuildEvent.Stream, String> output,
            LongConsumer ended)
            throws IOException, InterruptedException {
        ExecutorService starter;
        if (sandbox.insecure() || !filters()) {
            starter = STARTER;
        } else {
            starter = sandbox.user() != null && Joining.PUT_ON ? Joining.STARTER : Filtered.STARTER;
        }
        return run(starter, command, directory, sandbox, environment, output, ended);
    }

    /// What is done in a mount namespace before a process is started in it.
    interface Mounting {
        void run() throws IOException;
    }

    /// The same, in a mount namespace of its own with these mounts: that of this process may be the machine's.
    static int runApart(
            Mounting mounts,
            List<String> command,
            Path directory,
            Sandbox sandbox,
            BiConsumer<BuildEvent.Stream, String> output)
            throws IOException, InterruptedException {
        // A thread can have a mount namespace, which ends with it. It has to live as long as the process.
        try (ExecutorService starter = starter("apart-child-starter")) {
            CompletableFuture.runAsync(() -> mount(mounts), starter).get();
            return run(starter, command, directory, sandbox, environment -> {}, output, pid -> {});
        } catch (ExecutionException e) {
            if (e.getCause() instanceof java.io.UncheckedIOException io) {
                throw new IOException(io.getCause());
            }
            throw new IllegalStateException(e);
        }
    }

    private static void mount(Mounting mounts) {
        try {
            Kernel.unshareMounts();
            Kernel.makeMountsPrivate();
            mounts.run();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int run(
            ExecutorService starter,
            List<String> command,
            Path directory,
            Sandbox sandbox,
            Consumer<Map<String, String>> environment,
            BiConsumer<BuildEvent.Stream, String> output,
            LongConsumer ended)
            throws IOException, InterruptedException {
        return sandbox.stdio() == Stdio.LINES
                ? run(starter, command, directory, environment, sandbox.mask(), output, ended)
                : attached(starter, command, directory, environment, ended);
    }

    private static int attached(
            ExecutorService starter,
            List<String> command,
            Path directory,
            Consumer<Map<String, String>> environment,
            LongConsumer ended)
            throws IOException, InterruptedException {
        Process process = start(starter, command, directory, environment, true);
        try {
            int code = process.waitFor();
            ended.accept(process.pid());
            return code;
        } catch (InterruptedException e) {
            end(process);
            throw e;
        }
    }

    /// Starts a command, which ends with this process if it marks itself so.
    public static Process start(List<String> command, Path directory, Consumer<Map<String, String>> environment)
            throws IOException, InterruptedException {
        return start(STARTER, command, directory, environment, false);
    }

    private static Process start(
            ExecutorService starter,
            List<String> command,
            Path directory,
            Consumer<Map<String, String>> environment,
            boolean attached)
            throws IOException, InterruptedException {
        try {
            return CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
                                    environment.accept(builder.environment());
                                    if (attached) {
                                        builder.inheritIO();
                                    }
                                    return builder.start();
                                } catch (IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                }
                            },
                            starter)
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof java.io.UncheckedIOException io) {
                throw new IOException(io.getCause());
            }
            throw new IllegalStateException(e);
        }
    }

    private static void end(Process process) {
        // The interruption is handled here; what follows must not be cut short by it.
        boolean interrupted = Thread.interrupted();
        try {
            // By the process tree as this process sees it: the numbers inside a process namespace mean others here.
            process.descendants().forEach(ProcessHandle::destroy);
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void joinQuietly(Thread thread) {
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(2000);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Thread pump(InputStream in, Mask mask, Consumer<String> line) {
        return Thread.ofVirtual().start(() -> {
            try (in) {
                LineSplitter splitter = new LineSplitter(line, mask);
                byte[] buffer = new byte[8192];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    splitter.add(buffer, read);
                }
                splitter.end();
            } catch (IOException e) {
                // The pipe breaks when the process is killed: there is no more to read then.
                line.accept("(output ended: " + e.getMessage() + ")");
            }
        });
    }
}
