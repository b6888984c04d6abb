package dev.jbuild.cli.report;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// Streams that keep what is written, and a clock that stands still until it is told to go on.
public final class FakeIo {
    public static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private Instant now = START;
    private Terminal terminal = Terminal.none();
    private InputStream in = InputStream.nullInputStream();

    public FakeIo terminal(int columns, int rows) {
        terminal = Terminal.of(columns, rows);
        return this;
    }

    public FakeIo env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public FakeIo in(InputStream newIn) {
        in = newIn;
        return this;
    }

    public Io io() {
        return new Io(
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                Path.of(""),
                () -> now,
                terminal,
                Namespace.OUTER);
    }

    public void after(Duration sinceStart) {
        now = START.plus(sinceStart);
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
