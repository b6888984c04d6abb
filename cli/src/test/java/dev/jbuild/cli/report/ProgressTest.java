package dev.jbuild.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each folder of `testdata/reports/progress` holds the events of a build and what the formats make of them.
class ProgressTest {
    static List<Path> cases() {
        return Testdata.cases("reports/progress");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void plain(Path folder) throws IOException {
        FakeIo io = new FakeIo();
        PlainProgress progress = new PlainProgress(io.io(), false);
        try (progress) {
            new EventScript(folder.resolve("events.txt")).play(io, progress, progress::tick);
        }
        Golden.check(io.err(), folder.resolve("plain.txt"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void rawJson(Path folder) throws IOException {
        FakeIo io = new FakeIo();
        RawJsonProgress progress = new RawJsonProgress(io.io());
        try (progress) {
            new EventScript(folder.resolve("events.txt")).play(io, progress, () -> {});
        }
        Golden.check(io.err(), folder.resolve("rawjson.txt"));
    }

    /// The frames that a terminal of 60 columns and 12 rows shows at each tick, and what it holds at the end.
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void tty(Path folder) throws IOException {
        FakeIo io = new FakeIo().terminal(60, 12).env("NO_COLOR", "1");
        Screen screen = new Screen();
        StringBuilder frames = new StringBuilder();
        TtyProgress progress = new TtyProgress("Building", io.io(), false);
        try (progress) {
            new EventScript(folder.resolve("events.txt")).play(io, progress, () -> {
                progress.draw();
                frames.append(screen.show(io.err())).append("~~~~\n");
            });
        }
        frames.append(screen.show(io.err()));
        Golden.check(frames.toString(), folder.resolve("tty.txt"));
    }

    @Test
    void quietSaysNothing() throws IOException {
        FakeIo io = new FakeIo();
        try (Progress progress = Progress.open(ProgressMode.QUIET, io.io(), false)) {
            new EventScript(cases().getFirst().resolve("events.txt")).play(io, progress, () -> {});
        }
        assertThat(io.err()).isEmpty();
    }

    @Test
    void autoIsPlainWithoutATerminal() {
        try (Progress progress = Progress.open(ProgressMode.AUTO, new FakeIo().io(), false)) {
            assertThat(progress).isInstanceOf(PlainProgress.class);
        }
    }

    @Test
    void autoDrawsOnATerminalAndItsThreadEndsWithIt() {
        FakeIo io = new FakeIo().terminal(80, 24);
        try (Progress progress = Progress.open(ProgressMode.AUTO, io.io(), false)) {
            assertThat(progress).isInstanceOf(TtyProgress.class);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("tty-progress");
        assertThat(io.err()).contains("FINISHED");
    }

    @Test
    void ttyNeedsATerminal() {
        assertThatThrownBy(() -> Progress.open(ProgressMode.TTY, new FakeIo().io(), false))
                .isInstanceOf(UsageException.class)
                .hasMessage("--progress=tty needs a terminal on standard error; use --progress=plain");
    }

    @Test
    void namesTheModesThereAre() {
        assertThatThrownBy(() -> ProgressMode.parse("fancy"))
                .hasMessage("invalid progress mode \"fancy\": expected auto, plain, tty, quiet, rawjson or none");
    }
}
