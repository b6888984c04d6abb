package dev.jbuild.cli.report;

import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.event.BuildListener;
import dev.jbuild.solver.event.ResourceUsage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All that the steps of a build say, in a file: a terminal shows only the end of it. The line of each step begins with
/// its number, as in [PlainProgress], whose order is kept out: the file has the lines as they came.
///
/// There is a file only if a step said something. A log that cannot be written ends no build.
public final class BuildLog implements BuildListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BuildLog.class);
    private static final int KEPT = 20;
    private static final long LONGEST = 256L << 20;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final InstantSource clock;
    private final Map<Integer, String> names = new HashMap<>();
    private @Nullable Path file;
    private @Nullable BufferedWriter writer;
    private long length;
    private boolean over;

    /// @param directory where the logs of the last builds are; made if there is none
    public BuildLog(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /// Where the logs of the builds lie that use this store.
    public static Path directory(Path store) {
        return store.resolve("logs");
    }

    /// Where it is, if anything was written.
    public synchronized Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    @Override
    public synchronized void on(BuildEvent event) {
        switch (event) {
            case BuildEvent.Started(int step, String name) -> names.put(step, name.replace('\n', ' '));
            case BuildEvent.Log log -> {
                String time = log.stream() == BuildEvent.Stream.STATUS ? "" : StepText.lineTime(log.sinceStart()) + " ";
                write(log.step(), time + log.line());
            }
            case BuildEvent.Used(int step, ResourceUsage usage) -> write(step, StepText.usage(usage));
            case BuildEvent.Warned warned -> write(warned.step(), "WARN: " + warned.message());
            case BuildEvent.Completed(int step, var duration) -> {
                // Of a step that said nothing there is nothing to tell.
                if (names.remove(step) == null) {
                    write(step, "DONE " + StepText.seconds(duration, 1) + "s");
                    flush();
                }
            }
            case BuildEvent.Failed failed -> {
                write(failed.step(), failed.cancelled() ? "CANCELED" : "ERROR: " + failed.message());
                flush();
            }
            // Findings are told with the build's summary, and transfers have no lines.
            case BuildEvent.Cached _, BuildEvent.Progress _, BuildEvent.Found _ -> {}
        }
    }

    private void write(int step, String text) {
        String name = names.remove(step);
        if (name != null) {
            line(step, name);
        }
        line(step, text);
    }

    private void line(int step, String text) {
        if (over) {
            return;
        }
        try {
            BufferedWriter out = writer;
            if (out == null) {
                out = open();
                writer = out;
            }
            if (length > LONGEST) {
                out.write("(a log has no more than " + (LONGEST >> 20) + " MiB)\n");
                over = true;
                return;
            }
            String line = "#" + step + " " + text + "\n";
            length += line.length();
            out.write(line);
        } catch (IOException e) {
            lost(e);
        }
    }

    private BufferedWriter open() throws IOException {
        Files.createDirectories(directory);
        forget();
        String name =
                TIME.format(clock.instant()) + "-" + ProcessHandle.current().pid() + ".log";
        Path made = directory.resolve(name);
        BufferedWriter opened = Files.newBufferedWriter(made, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        file = made;
        return opened;
    }

    /// Their names begin with their times.
    private void forget() throws IOException {
        List<Path> logs = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.log")) {
            files.forEach(logs::add);
        }
        Collections.sort(logs);
        for (Path old : logs.subList(0, Math.max(0, logs.size() - KEPT + 1))) {
            Files.deleteIfExists(old);
        }
    }

    private void flush() {
        BufferedWriter out = writer;
        if (out != null && !over) {
            try {
                out.flush();
            } catch (IOException e) {
                lost(e);
            }
        }
    }

    private void lost(IOException reason) {
        LOG.debug("the log of this build is not complete", reason);
        over = true;
        file = null;
    }

    @Override
    public synchronized void close() {
        BufferedWriter out = writer;
        writer = null;
        over = true;
        if (out != null) {
            try {
                out.close();
            } catch (IOException e) {
                lost(e);
            }
        }
    }
}
