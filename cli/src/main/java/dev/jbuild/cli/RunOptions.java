package dev.jbuild.cli;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.Options.Parsed;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.source.Suggestion;
import dev.jbuild.solver.graph.ExecLimits;
import dev.jbuild.solver.graph.Network;
import dev.jbuild.solver.graph.Ulimit;
import dev.jbuild.solver.plan.Entitlement;
import dev.jbuild.solver.plan.RunSettings;
import dev.jbuild.solver.sandbox.Resources;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The options of `jbuild build` that are about the processes of RUN: their network, what they may do, and how much
/// they may use.
final class RunOptions {
    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kmgtp]?)(?:i?b)?");
    private static final List<String> RESOURCES =
            List.of("memory", "memory-swap", "cpu-shares", "cpu-period", "cpu-quota", "cpuset-cpus", "cpuset-mems");

    // So buildx names it.
    private static final String DELETE = "buildx.local.delete";

    private final Parsed parsed;

    RunOptions(Parsed parsed) {
        this.parsed = parsed;
    }

    static Options declare(Options options) {
        return options.values(
                        "HOST:IP", "A line for /etc/hosts of RUN; host-gateway stands for this machine.", "--add-host")
                .value("MODE", "The network of RUN: default, none or host.", "--network")
                .values(
                        "WHAT",
                        "Lets a build do what is refused otherwise: network.host, security.insecure or buildx.local.delete.",
                        "--allow")
                .values("NAME=SOFT[:HARD]", "A limit of each process of RUN, as in ulimit.", "--ulimit")
                .value("BYTES", "The size of /dev/shm in RUN; 64m if not given.", "--shm-size")
                .value("GROUP", "The control group below which those of RUN are made.", "--cgroup-parent")
                .values(
                        "NAME=VALUE",
                        "What each RUN may use at most: memory, memory-swap, cpu-shares, cpu-period, cpu-quota, cpuset-cpus"
                                + " or cpuset-mems.",
                        "--resource")
                .flag("Tell of each RUN how much it used: processors, memory, disks.", "--resource-usage")
                .hidden("-m", "--memory")
                .hidden("--memory-swap")
                .hidden("-c", "--cpu-shares")
                .hidden("--cpu-period")
                .hidden("--cpu-quota")
                .hidden("--cpuset-cpus")
                .hidden("--cpuset-mems");
    }

    /// @param network of `--network`, which grants what it asks for
    RunSettings settings(Network network) {
        Set<Entitlement> allowed = allowed();
        if (network == Network.HOST) {
            allowed.add(Entitlement.NETWORK_HOST);
        }
        return new RunSettings(network, hosts(), limits(), allowed);
    }

    /// Whether `mode=delete` may empty any directory.
    boolean deletesAnywhere() {
        return parsed.values("--allow").contains(DELETE);
    }

    private Set<Entitlement> allowed() {
        Set<Entitlement> allowed = new LinkedHashSet<>();
        for (String word : parsed.values("--allow")) {
            if (word.equals(DELETE)) {
                continue;
            }
            allowed.add(Entitlement.of(word).orElseThrow(() -> {
                if (word.equals("device") || word.startsWith("device=")) {
                    return new UsageException("--allow " + word + ": RUN --device is not supported");
                }
                List<String> words = new ArrayList<>(Entitlement.words());
                words.add(DELETE);
                String hint = Suggestion.didYouMean(word, words);
                return new UsageException("--allow " + word + ": expected " + String.join(" or ", words)
                        + (hint == null ? "" : "; " + hint));
            }));
        }
        return allowed;
    }

    /// `host=ip`.
    private List<String> hosts() {
        List<String> hosts = new ArrayList<>();
        for (String host : parsed.values("--add-host")) {
            int cut = host.indexOf('=') > 0 ? host.indexOf('=') : host.indexOf(':');
            if (cut < 1 || cut == host.length() - 1) {
                throw new UsageException("--add-host " + host + ": expected HOST:IP");
            }
            String name = host.substring(0, cut);
            if (name.chars().anyMatch(c -> c <= ' ' || c == '#')) {
                throw new UsageException("--add-host " + host + ": \"" + name + "\" is not a host name");
            }
            hosts.add(name + "=" + address(host, host.substring(cut + 1)));
        }
        return hosts;
    }

    private static String address(String option, String text) {
        if (text.equals("host-gateway")) {
            // The network of RUN is the machine's own, so the machine is where loopback leads.
            return "127.0.0.1";
        }
        String address = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        try {
            InetAddress _ = InetAddress.ofLiteral(address);
            return address;
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "--add-host " + option + ": \"" + address + "\" is neither an IP address nor host-gateway");
        }
    }

    private ExecLimits limits() {
        Map<String, Ulimit> ulimits = new LinkedHashMap<>();
        for (String text : parsed.values("--ulimit")) {
            Ulimit ulimit = ulimit(text);
            ulimits.put(ulimit.name(), ulimit);
        }
        return new ExecLimits(
                List.copyOf(ulimits.values()),
                parsed.value("--shm-size")
                        .map(text -> bytes("--shm-size", text))
                        .orElse(0L),
                parsed.value("--cgroup-parent").orElse(""));
    }

    private static Ulimit ulimit(String text) {
        String[] sides = text.split("=", 2);
        if (sides.length < 2) {
            throw new UsageException("--ulimit " + text + ": expected NAME=SOFT[:HARD], as in nofile=1024:4096");
        }
        String[] numbers = sides[1].split(":", 2);
        try {
            long soft = Long.parseLong(numbers[0]);
            return new Ulimit(sides[0], soft, numbers.length == 1 ? soft : Long.parseLong(numbers[1]));
        } catch (NumberFormatException e) {
            throw new UsageException("--ulimit " + text + ": a limit is a number, or -1 for none");
        } catch (IllegalArgumentException e) {
            throw new UsageException("--ulimit " + text + ": " + e.getMessage());
        }
    }

    /// Whether to say what each RUN used.
    boolean measured() {
        return parsed.has("--resource-usage");
    }

    Resources resources() {
        Map<String, String> given = new LinkedHashMap<>();
        for (String name : RESOURCES) {
            parsed.value("--" + name).ifPresent(value -> given.put(name, value));
        }
        for (String text : parsed.values("--resource")) {
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            if (!RESOURCES.contains(name)) {
                String hint = Suggestion.didYouMean(name, RESOURCES);
                throw new UsageException("--resource " + text + ": expected NAME=VALUE with one of "
                        + String.join(", ", RESOURCES) + (hint == null ? "" : "; " + hint));
            }
            if (equals < 0 || equals == text.length() - 1) {
                throw new UsageException("--resource " + text + ": expected " + name + "=VALUE");
            }
            given.put(name, text.substring(equals + 1));
        }
        if (given.isEmpty()) {
            return Resources.NONE;
        }
        try {
            return new Resources(
                    size(given, "memory"),
                    "-1".equals(given.get("memory-swap")) ? Resources.UNLIMITED : size(given, "memory-swap"),
                    number(given, "cpu-shares"),
                    number(given, "cpu-period"),
                    number(given, "cpu-quota"),
                    given.getOrDefault("cpuset-cpus", ""),
                    given.getOrDefault("cpuset-mems", ""));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--resource " + e.getMessage());
        }
    }

    private static long size(Map<String, String> given, String name) {
        String text = given.get(name);
        return text == null ? 0 : bytes("--resource " + name + "=" + text, text);
    }

    private static long number(Map<String, String> given, String name) {
        String text = given.get(name);
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UsageException("--resource " + name + "=" + text + ": expected a number");
        }
    }

    private static long bytes(String option, String text) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            int shift = matcher.group(2).isEmpty() ? 0 : 10 * ("kmgtp".indexOf(matcher.group(2)) + 1);
            BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(1L << shift));
            if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0 && bytes.signum() > 0) {
                return bytes.longValue();
            }
        }
        throw new UsageException(option + ": \"" + text + "\" is not a size; it is bytes, or a number with k, m or g");
    }
}
