package dev.jbuild.solver.fetch;

import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.plan.RemoteSourceException;
import dev.jbuild.solver.sandbox.Children;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.secret.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The user's `git`, run so that nothing of the user's or the machine's configuration has a say, that it
/// asks nobody for a password, and speaks no protocol but those that are meant to reach other machines.
final class GitCommand {
    private static final String AGENT = "default";
    private static final int MOST_LINES = 200_000;
    private static final int LAST_LINES = 20;
    private static final String REMOTE_PROTOCOLS = "http:https:git:ssh";
    private static final String LOCAL_PROTOCOL = "file";
    // What of this process's environment git gets to see: the way to it, to proxies, to an agent with keys.
    private static final Set<String> KEPT = Set.of(
            "PATH",
            "TMPDIR",
            "SSH_AUTH_SOCK",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "GIT_SSL_CAINFO",
            "http_proxy",
            "https_proxy",
            "all_proxy",
            "no_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "NO_PROXY");
    // Read by every git that this one starts too, such as those of submodules.
    static final String CONFIGURATION = """
            [core]
            \thooksPath = /dev/null
            \tattributesFile = /dev/null
            \texcludesFile = /dev/null
            \tautocrlf = false
            \tfsmonitor = false
            \tsymlinks = true
            \tprotectHFS = true
            \tprotectNTFS = true
            [init]
            \tdefaultBranch = master
            [gc]
            \tauto = 0
            [maintenance]
            \tauto = false
            [protocol]
            \tversion = 2
            [safe]
            \tdirectory = *
            [submodule]
            \trecurse = false
            [uploadpack]
            \tallowAnySHA1InWant = true
            [advice]
            \tdetachedHead = false
            """;

    private final Programs programs;
    private final Path home;
    private final Secrets secrets;
    private final boolean offline;

    /// @param home holds `.gitconfig` with [#CONFIGURATION]
    /// @param secrets that may log in to servers
    /// @param offline whether to refuse to talk with other machines
    GitCommand(Programs programs, Path home, Secrets secrets, boolean offline) {
        this.programs = programs;
        this.home = home;
        this.secrets = secrets;
        this.offline = offline;
    }

    /// Runs git on repositories of this machine.
    ///
    /// @return the lines of its output
    List<String> local(Path directory, String... args) throws IOException, InterruptedException {
        return run(directory, LOCAL_PROTOCOL, null, null, List.of(args));
    }

    /// Runs git to talk with another machine, with the login that stands in its address.
    ///
    /// @param listener hears what git says meanwhile
    List<String> remote(Path directory, RemoteAddress remote, Listener listener, List<String> args)
            throws IOException, InterruptedException {
        if (offline) {
            throw new RemoteSourceException(
                    remote + ": what is asked of it is not in the store, and jbuild is offline: build once without"
                            + " --offline, and name a commit by its whole ID",
                    null);
        }
        return run(directory, REMOTE_PROTOCOLS, remote, listener, args);
    }

    /// Hears lines that git writes.
    @FunctionalInterface
    interface Listener {
        void said(String line);
    }

    private List<String> run(
            Path directory,
            String protocols,
            @Nullable RemoteAddress remote,
            @Nullable Listener listener,
            List<String> args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        Optional<Path> setpriv = programs.find("setpriv");
        setpriv.ifPresent(program -> command.addAll(List.of(program.toString(), "--pdeathsig", "KILL")));
        command.add(program().toString());
        command.addAll(args);
        List<String> out = new ArrayList<>();
        List<String> err = new ArrayList<>();
        // Before the process is prepared: an agent of ours may have to be started first.
        Path agent = remote != null && secrets.hasAgent(AGENT) ? secrets.agent(AGENT) : null;
        int code = Children.run(
                command,
                directory,
                environment -> change(environment, protocols, remote, agent),
                secrets.mask(),
                (stream, line) -> {
                    if (stream == BuildEvent.Stream.STDOUT) {
                        if (out.size() < MOST_LINES) {
                            out.add(line);
                        }
                        return;
                    }
                    if (err.size() >= LAST_LINES) {
                        err.removeFirst();
                    }
                    err.add(line);
                    if (listener != null) {
                        listener.said(line);
                    }
                });
        if (code != 0) {
            throw new GitException(verb(args), code, err);
        }
        return out;
    }

    private static String verb(List<String> args) {
        return args.stream().filter(arg -> !arg.startsWith("-")).findFirst().orElse("");
    }

    private Path program() {
        return programs.find("git")
                .orElseThrow(() -> new RemoteSourceException(
                        "git repositories are fetched by the program git, which is not on PATH: install the package git",
                        null));
    }

    private void change(
            Map<String, String> environment, String protocols, @Nullable RemoteAddress remote, @Nullable Path agent) {
        environment.keySet().retainAll(KEPT);
        environment.put("HOME", home.toString());
        environment.put("XDG_CONFIG_HOME", home.toString());
        environment.put("LC_ALL", "C");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_ATTR_NOSYSTEM", "1");
        environment.put("GIT_TEMPLATE_DIR", "");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_ALLOW_PROTOCOL", protocols);
        environment.put("GIT_HTTP_LOW_SPEED_LIMIT", "1000");
        environment.put("GIT_HTTP_LOW_SPEED_TIME", "60");
        environment.put("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=20");
        if (agent != null) {
            environment.put("SSH_AUTH_SOCK", agent.toString());
        }
        environment.putAll(authorization(remote));
    }

    /// What logs git in at a server: in the environment, where other users of this machine cannot read it
    /// as they can read arguments.
    private Map<String, String> authorization(@Nullable RemoteAddress remote) {
        if (remote == null || !remote.text().matches("(?i)https?://.*")) {
            return Map.of();
        }
        String base = remote.withoutLogin();
        int host = base.indexOf("://") + 3;
        int path = base.indexOf('/', host);
        String header = header(remote, path < 0 ? base.substring(host) : base.substring(host, path));
        if (header == null) {
            return Map.of();
        }
        Map<String, String> variables = new HashMap<>();
        variables.put("GIT_CONFIG_COUNT", "1");
        variables.put("GIT_CONFIG_KEY_0", "http." + (path < 0 ? base : base.substring(0, path)) + "/.extraHeader");
        variables.put("GIT_CONFIG_VALUE_0", "Authorization: " + header);
        return variables;
    }

    // What stands in the address is meant for it alone, so it goes first.
    private @Nullable String header(RemoteAddress remote, String host) {
        String login = remote.login();
        if (login == null) {
            return new Logins(secrets).git(host);
        }
        String plain = java.net.URLDecoder.decode(login.replace("+", "%2B"), StandardCharsets.UTF_8);
        String pair = plain.indexOf(':') < 0 ? plain + ":" : plain;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
