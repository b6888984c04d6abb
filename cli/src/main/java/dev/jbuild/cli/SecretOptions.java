package dev.jbuild.cli;

import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.source.Suggestion;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.secret.Secrets;
import dev.jbuild.solver.secret.SshSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads `--secret`, `--secret-env-file` and `--ssh`. Messages name ids and files, never values.
final class SecretOptions {
    private static final List<String> KEYS = List.of("id", "type", "src", "source", "env");

    private final Io io;
    private final Map<String, byte[]> values = new HashMap<>();
    private final Map<String, SshSource> agents = new HashMap<>();

    SecretOptions(Io io) {
        this.io = io;
    }

    /// `id=ID[,src=FILE|,env=NAME][,type=file|env]`.
    void secret(String text) {
        Map<String, String> keys = new HashMap<>();
        for (String field : text.split(",", -1)) {
            int equals = field.indexOf('=');
            if (equals < 1) {
                throw wrong(text, "\"" + field + "\" is not KEY=VALUE");
            }
            String key = field.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            if (!KEYS.contains(key)) {
                String near = Suggestion.didYouMean(key, KEYS);
                throw wrong(text, "there is no \"" + key + '"' + (near == null ? "" : "; " + near));
            }
            keys.put(key.equals("source") ? "src" : key, field.substring(equals + 1));
        }
        String id = keys.getOrDefault("id", "");
        String type = keys.getOrDefault("type", "");
        if (!type.isEmpty() && !type.equals("file") && !type.equals("env")) {
            throw wrong(text, "type=" + type + " is neither file nor env");
        }
        if (id.isEmpty()) {
            throw wrong(text, "it has no id");
        }
        String file = keys.getOrDefault("src", "");
        String variable = keys.getOrDefault("env", "");
        if (type.equals("env") && variable.isEmpty()) {
            variable = file;
            file = "";
        }
        if (!file.isEmpty() && !variable.isEmpty()) {
            throw wrong(text, "it is either a file or a variable, not both");
        }
        if (file.isEmpty() && variable.isEmpty()) {
            boolean known = !type.equals("file") && io.environment().containsKey(id);
            variable = known || type.equals("env") ? id : "";
            file = variable.isEmpty() ? id : "";
        }
        values.put(id, variable.isEmpty() ? content("--secret " + text, path(text, file)) : variable(variable));
    }

    // As for docker buildx, a variable that is not set is an empty secret.
    private byte[] variable(String name) {
        return io.environment().getOrDefault(name, "").getBytes(StandardCharsets.UTF_8);
    }

    private Path path(String option, String file) {
        try {
            return io.directory().resolve(file);
        } catch (InvalidPathException e) {
            throw wrong(option, "not a path: " + e.getReason());
        }
    }

    private static byte[] content(String option, Path file) {
        if (!Files.exists(file)) {
            throw new UsageException(option + ": there is no file " + file);
        }
        if (Files.isDirectory(file)) {
            throw new UsageException(option + ": " + file + " is a directory");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] value = in.readNBytes(Secrets.LARGEST + 1);
            if (value.length > Secrets.LARGEST) {
                throw new UsageException(option + ": " + file + " is too large: a secret has at most 500 KB");
            }
            return value;
        } catch (IOException e) {
            throw new UsageException(
                    option + ": cannot read " + file + ": " + e.getClass().getSimpleName());
        }
    }

    /// A file of lines `NAME=VALUE`.
    void file(String text) {
        String option = "--secret-env-file " + text;
        Path file = io.directory().resolve(text);
        int number = 0;
        for (String line : new String(content(option, file), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            number++;
            String entry = line.strip();
            if (entry.isEmpty() || entry.startsWith("#")) {
                continue;
            }
            entry = entry.startsWith("export ") ? entry.substring(7).strip() : entry;
            int equals = entry.indexOf('=');
            if (equals < 1 || !entry.substring(0, equals).matches("[A-Za-z0-9_.-]+")) {
                throw new UsageException(option + ": line " + number + " is not NAME=VALUE");
            }
            String value = unquoted(entry.substring(equals + 1).strip(), option, number);
            values.put(entry.substring(0, equals), value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String unquoted(String value, String option, int line) {
        if (value.isEmpty() || (value.charAt(0) != '"' && value.charAt(0) != '\'')) {
            return value;
        }
        char quote = value.charAt(0);
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == quote) {
                String rest = value.substring(i + 1).strip();
                if (rest.isEmpty() || rest.startsWith("#")) {
                    return text.toString();
                }
                throw new UsageException(option + ": line " + line + " goes on after the closing quote");
            }
            if (c == '\\' && quote == '"' && i + 1 < value.length()) {
                char escaped = value.charAt(++i);
                switch (escaped) {
                    case 'n' -> text.append('\n');
                    case 't' -> text.append('\t');
                    case '"', '\\', '$' -> text.append(escaped);
                    default -> text.append(c).append(escaped);
                }
            } else {
                text.append(c);
            }
        }
        throw new UsageException(option + ": line " + line + " has a quote that is not closed on that line");
    }

    /// `ID`, `ID=SOCKET` or `ID=KEY[,KEY…]`.
    void agent(String text) {
        int equals = text.indexOf('=');
        String id = equals < 0 ? text : text.substring(0, equals);
        if (id.isEmpty()) {
            throw new UsageException("--ssh " + text + ": expected an id, as in --ssh default");
        }
        if (agents.containsKey(id)) {
            throw new UsageException(
                    "--ssh " + id + " is given twice; several keys of one agent are separated by commas");
        }
        String paths = equals < 0 ? "" : text.substring(equals + 1);
        if (paths.isEmpty()) {
            paths = io.environment().getOrDefault("SSH_AUTH_SOCK", "");
            if (paths.isEmpty()) {
                throw new UsageException("--ssh " + text + ": no agent is running, for SSH_AUTH_SOCK is not set; start"
                        + " one, or name a key: --ssh " + id + "=KEYFILE");
            }
        }
        if (paths.matches("(.*,)?raw=.*")) {
            throw new UsageException("--ssh " + text + ": raw is not supported; only signing is passed on to an agent");
        }
        try {
            agents.put(
                    id,
                    SshSource.of(List.of(paths.split(",", -1)).stream()
                            .map(path -> io.directory().resolve(path).toAbsolutePath())
                            .toList()));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--ssh " + text + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UsageException("--ssh " + text + ": cannot be read: " + e.getMessage());
        }
    }

    Secrets read(Programs programs) {
        try {
            return new Secrets(values, agents, programs);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static UsageException wrong(String text, String problem) {
        return new UsageException("--secret " + text + ": " + problem);
    }
}
