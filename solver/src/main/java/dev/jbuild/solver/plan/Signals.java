package dev.jbuild.solver.plan;

import dev.jbuild.parser.source.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The signals of Linux, as STOPSIGNAL names them.
final class Signals {
    private static final Set<String> NAMES = Set.of(
            "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE",
            "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU",
            "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX");
    private static final int LAST = 64;

    private Signals() {}

    /// What to write in place of a signal that does not exist.
    static String near(String signal) {
        boolean prefixed = signal.toUpperCase(Locale.ROOT).startsWith("SIG");
        List<String> candidates = NAMES.stream()
                .sorted()
                .map(name -> prefixed ? "SIG" + name : name)
                .toList();
        String near = Suggestion.didYouMean(signal, candidates);
        return near == null ? "for example SIGTERM, TERM or 15" : near;
    }

    static boolean exists(String signal) {
        if (!signal.isEmpty() && signal.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return signal.length() < 4 && Integer.parseInt(signal) >= 1 && Integer.parseInt(signal) <= LAST;
        }
        String name = signal.toUpperCase(Locale.ROOT);
        name = name.startsWith("SIG") ? name.substring(3) : name;
        return NAMES.contains(name) || name.matches("RTMIN\\+([1-9]|1[0-5])|RTMAX-([1-9]|1[0-4])");
    }
}
