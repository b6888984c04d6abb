package dev.jbuild.solver.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What RUN sees as /etc/resolv.conf.
public final class NameServers {
    /// Where systemd-resolved listens, if it does.
    private static final String STUB = "127.0.0.53";

    private NameServers() {}

    /// The machine's own. Where systemd-resolved alone is asked, those that it asks: its answers may depend on who
    /// asks.
    ///
    /// @return empty if the machine has none
    public static String of(Path resolvConf, Path upstream) throws IOException {
        if (!Files.isReadable(resolvConf)) {
            return "";
        }
        String own = text(resolvConf);
        List<String> servers = own.lines()
                .map(line -> line.strip().split("\\s+", 3))
                .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                .map(words -> words[1])
                .toList();
        boolean stub = !servers.isEmpty() && servers.stream().allMatch(STUB::equals);
        return stub && Files.isReadable(upstream) ? text(upstream) : own;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
