package dev.jbuild.solver.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What RUN sees in /etc/resolv.conf in place of what the machine's own file says. An empty list leaves that as it is.
///
/// @param servers addresses of name servers
/// @param search domains in which short names are looked for
/// @param options as resolv.conf has them, `ndots:2`
public record NameServers(List<String> servers, List<String> search, List<String> options) {
    /// Those of the machine.
    public static final NameServers MACHINE = new NameServers(List.of(), List.of(), List.of());

    /// Where systemd-resolved listens, if it does.
    private static final String STUB = "127.0.0.53";

    // Text, because nearly nobody needs the patterns.
    private static final String ADDRESS = "[0-9]+(\\.[0-9]+){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%\\w+)?";
    private static final String WORD = "[\\w.:-]+";

    /// @throws IllegalArgumentException if one of them is not what such a file can hold
    public NameServers {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        options = List.copyOf(options);
        check("nameservers", servers, ADDRESS, "an address");
        check("searchDomains", search, WORD, "a domain");
        check("options", options, WORD, "an option of resolv.conf");
    }

    private static void check(String key, List<String> values, String pattern, String what) {
        for (String value : values) {
            if (!value.matches(pattern)) {
                throw new IllegalArgumentException(key + ": \"" + value + "\" is not " + what);
            }
        }
    }

    /// The text of the file.
    ///
    /// Where the machine's file names systemd-resolved alone, those count that it asks itself: its
    /// answers may depend on who asks.
    ///
    /// @param own the machine's file
    /// @param upstream where systemd-resolved says whom it asks
    public String text(Path own, Path upstream) throws IOException {
        StringBuilder text = new StringBuilder();
        servers.forEach(server -> text.append("nameserver ").append(server).append('\n'));
        if (!search.isEmpty()) {
            text.append("search ").append(String.join(" ", search)).append('\n');
        }
        if (!options.isEmpty()) {
            text.append("options ").append(String.join(" ", options)).append('\n');
        }
        String machine = machine(own, upstream);
        return text.isEmpty() ? machine : text + kept(machine);
    }

    /// The lines that nothing stands for.
    private String kept(String machine) {
        StringBuilder kept = new StringBuilder();
        for (String line : machine.lines().toList()) {
            boolean replaced = switch (line.strip().split("\\s", 2)[0]) {
                case "nameserver" -> !servers.isEmpty();
                case "search", "domain" -> !search.isEmpty();
                case "options" -> !options.isEmpty();
                default -> false;
            };
            if (!replaced) {
                kept.append(line).append('\n');
            }
        }
        return kept.toString();
    }

    private static String machine(Path resolvConf, Path upstream) throws IOException {
        if (!Files.isReadable(resolvConf)) {
            return "";
        }
        String own = read(resolvConf);
        List<String> servers = own.lines()
                .map(line -> line.strip().split("\\s+", 3))
                .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                .map(words -> words[1])
                .toList();
        boolean stub = !servers.isEmpty() && servers.stream().allMatch(STUB::equals);
        return stub && Files.isReadable(upstream) ? read(upstream) : own;
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
