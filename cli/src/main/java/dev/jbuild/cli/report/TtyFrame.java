package dev.jbuild.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Lays out what is drawn again and again at the bottom of the terminal: the header, the running steps, and what they
/// last said, within the rows and columns there are.
final class TtyFrame {
    private static final String STEP = " => ";
    private static final String DETAIL = " => => ";

    private final String doing;
    private final Terminal.Size size;
    private final boolean colour;

    TtyFrame(String doing, Terminal.Size size, boolean colour) {
        this.doing = doing;
        this.size = size;
        this.colour = colour;
    }

    /// The line with the counts that stands above the running steps, and last of all when the build has ended.
    String header(Duration elapsed, int finished, int begun, boolean over) {
        String text = "[+] " + doing + " " + StepText.seconds(elapsed, 1) + "s (" + finished + "/" + begun + ")"
                + (over ? " FINISHED" : "");
        return Ink.BOLD.on(TerminalText.fit(text, columns()), colour);
    }

    /// A step's own line, its time at the right edge.
    String step(String name, Duration time) {
        String seconds = StepText.seconds(time, 1) + "s";
        int room = columns() - STEP.length() - seconds.length() - 1;
        if (room < 1) {
            return TerminalText.fit(STEP + name, columns());
        }
        String fitted = TerminalText.fit(name, room);
        return STEP + fitted + " ".repeat(room - TerminalText.width(fitted) + 1) + seconds;
    }

    /// The running steps in the order in which they began. If not everything fits, the last lines of those that began
    /// last are kept, and what is left out is counted.
    List<String> running(Collection<TtyStep> steps, Instant now) {
        int rows = Math.max(1, size.rows() - 2);
        List<TtyStep> shown = new ArrayList<>(steps);
        int hidden = 0;
        if (shown.size() > rows) {
            hidden = shown.size() - rows + 1;
            shown = shown.subList(0, shown.size() - hidden);
        }
        int spare = rows - shown.size() - (hidden > 0 ? 1 : 0);
        List<List<String>> details = new ArrayList<>();
        for (TtyStep step : shown.reversed()) {
            List<String> all = step.details();
            List<String> kept = all.subList(Math.max(0, all.size() - spare), all.size());
            spare -= kept.size();
            details.addFirst(kept);
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < shown.size(); i++) {
            TtyStep step = shown.get(i);
            lines.add(step(step.name(), Duration.between(step.began(), now)));
            for (String detail : details.get(i)) {
                lines.add(Ink.DIM.on(TerminalText.fit(DETAIL + detail, columns()), colour));
            }
        }
        if (hidden > 0) {
            lines.add(TerminalText.fit(STEP + "… and " + hidden + " more", columns()));
        }
        return lines;
    }

    // A line that fills the last column makes some terminals begin another one.
    private int columns() {
        return Math.max(1, size.columns() - 1);
    }
}
