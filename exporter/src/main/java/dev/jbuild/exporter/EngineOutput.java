package dev.jbuild.exporter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// The end of what a program says, read while it runs, so that it never waits for somebody to listen.
final class EngineOutput {
    private static final int KEPT = 8 << 10;

    private final FutureTask<String> said;

    private EngineOutput(FutureTask<String> said) {
        this.said = said;
    }

    static EngineOutput of(Process process) {
        FutureTask<String> reading = new FutureTask<>(() -> tail(process.getInputStream()));
        Thread.ofVirtual().name("engine-output").start(reading);
        return new EngineOutput(reading);
    }

    private static String tail(InputStream in) {
        byte[] kept = new byte[0];
        byte[] buffer = new byte[KEPT];
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                byte[] joined = Arrays.copyOf(kept, kept.length + n);
                System.arraycopy(buffer, 0, joined, kept.length, n);
                kept = joined.length <= KEPT ? joined : Arrays.copyOfRange(joined, joined.length - KEPT, joined.length);
            }
        } catch (IOException e) {
            // The program was ended; what it said until then is all that there is.
        }
        return new String(kept, StandardCharsets.UTF_8);
    }

    /// The last thing that it said, or its exit code if it said nothing. It has ended.
    String lastLine(int exitCode) throws InterruptedException {
        try {
            return said.get()
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .reduce((earlier, later) -> later)
                    .orElse("exit code " + exitCode);
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading ended in an unforeseen way", e);
        }
    }
}
