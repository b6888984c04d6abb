package dev.jbuild.solver.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The ports of an EXPOSE: `[ip:][host:]port[-port][/tcp|udp|sctp]`, of which only the container's side is kept.
final class Ports {
    private Ports() {}

    /// `port/protocol` for each port.
    ///
    /// @throws IllegalArgumentException if it is not a port; the message says why
    static List<String> parse(String text) {
        int slash = text.indexOf('/');
        String protocol = slash < 0 ? "tcp" : text.substring(slash + 1).toLowerCase(Locale.ROOT);
        if (!protocol.equals("tcp") && !protocol.equals("udp") && !protocol.equals("sctp")) {
            throw new IllegalArgumentException("invalid protocol in \"" + text + "\": " + protocol);
        }
        String ports = slash < 0 ? text : text.substring(0, slash);
        ports = ports.substring(ports.lastIndexOf(':') + 1);
        int dash = ports.indexOf('-');
        int first = number(text, dash < 0 ? ports : ports.substring(0, dash));
        int last = dash < 0 ? first : number(text, ports.substring(dash + 1));
        if (last < first) {
            throw new IllegalArgumentException("invalid port range \"" + text + "\": it ends before it begins");
        }
        List<String> found = new ArrayList<>();
        for (int port = first; port <= last; port++) {
            found.add(port + "/" + protocol);
        }
        return found;
    }

    private static int number(String text, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 0 && port <= 65535 && !digits.startsWith("+")) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("invalid port \"" + text + "\": not a number", e);
        }
        throw new IllegalArgumentException("invalid port \"" + text + "\": not in 0 to 65535");
    }
}
