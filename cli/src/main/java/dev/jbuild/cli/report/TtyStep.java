package dev.jbuild.cli.report;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A running step as a terminal shows it.
final class TtyStep {
    private static final int TRANSFERS_SHOWN = 6;

    private final String name;
    private final Instant began;
    private final int logLines;
    private final Deque<String> log = new ArrayDeque<>();
    private final Map<String, String> transfers = new LinkedHashMap<>();

    TtyStep(String name, Instant began, int logLines) {
        this.name = name;
        this.began = began;
        this.logLines = logLines;
    }

    String name() {
        return name;
    }

    Instant began() {
        return began;
    }

    void log(String line) {
        if (logLines == 0) {
            return;
        }
        if (log.size() == logLines) {
            log.removeFirst();
        }
        log.addLast(line);
    }

    /// The thing moved last comes last; what is complete makes room for what is not.
    void transfer(String thing, long current, long total) {
        transfers.remove(thing);
        if (total <= 0 || current < total) {
            transfers.put(thing, TerminalText.plain(thing) + StepText.transfer(current, total));
        }
    }

    /// The lines below the step's name, oldest first.
    List<String> details() {
        List<String> details = new ArrayList<>(transfers.values());
        if (details.size() > TRANSFERS_SHOWN) {
            details = new ArrayList<>(details.subList(details.size() - TRANSFERS_SHOWN, details.size()));
        }
        for (String line : log) {
            details.add("# " + line);
        }
        return details;
    }
}
