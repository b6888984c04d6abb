package dev.jbuild.layerstore.oci;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a container of an image runs, as the `config` object of an image configuration holds it.
///
/// An empty user, working directory, stop signal, entrypoint, command or shell is the same as none, since the
/// written form cannot tell them apart. Ports, volumes and labels are sorted.
///
/// @param env `NAME=value`, in the order in which the names first appeared
/// @param exposedPorts `port/protocol`
/// @param argsEscaped whether the first word of the command is already quoted (Windows); written by Docker
///     always
public record ContainerConfig(
        @Nullable String user,
        SequencedSet<String> exposedPorts,
        List<String> env,
        @Nullable List<String> entrypoint,
        @Nullable List<String> cmd,
        SequencedSet<String> volumes,
        @Nullable String workingDir,
        SequencedMap<String, String> labels,
        @Nullable String stopSignal,
        boolean argsEscaped,
        @Nullable Healthcheck healthcheck,
        List<String> onBuild,
        @Nullable List<String> shell) {
    /// Nothing set.
    public static final ContainerConfig EMPTY = new ContainerConfig(
            null,
            Collections.emptySortedSet(),
            List.of(),
            null,
            null,
            Collections.emptySortedSet(),
            null,
            Collections.emptySortedMap(),
            null,
            false,
            null,
            List.of(),
            null);

    public ContainerConfig {
        user = noneIfEmpty(user);
        exposedPorts = sorted(exposedPorts);
        env = List.copyOf(env);
        entrypoint = noneIfEmpty(entrypoint);
        cmd = noneIfEmpty(cmd);
        volumes = sorted(volumes);
        workingDir = noneIfEmpty(workingDir);
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        stopSignal = noneIfEmpty(stopSignal);
        onBuild = List.copyOf(onBuild);
        shell = noneIfEmpty(shell);
    }

    private static @Nullable String noneIfEmpty(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable List<String> noneIfEmpty(@Nullable List<String> words) {
        return words == null || words.isEmpty() ? null : List.copyOf(words);
    }

    private static SequencedSet<String> sorted(Collection<String> words) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(words));
    }

    /// The value of an environment variable, the last one if it is there twice.
    public Optional<String> env(String name) {
        String prefix = name + "=";
        return env.reversed().stream()
                .filter(entry -> entry.startsWith(prefix))
                .findFirst()
                .map(entry -> entry.substring(prefix.length()));
    }

    /// A builder that starts with what is set here.
    public Builder toBuilder() {
        return new Builder(this);
    }

    /// Collects changes of a configuration. Not for use by several threads.
    public static final class Builder {
        private @Nullable String user;
        private final TreeSet<String> exposedPorts;
        private final List<String> env;
        /// Where the first entry of a name stands.
        private final Map<String, Integer> envPlaces = new HashMap<>();
        private @Nullable List<String> entrypoint;
        private @Nullable List<String> cmd;
        private final TreeSet<String> volumes;
        private @Nullable String workingDir;
        private final TreeMap<String, String> labels;
        private @Nullable String stopSignal;
        private boolean argsEscaped;
        private @Nullable Healthcheck healthcheck;
        private final List<String> onBuild;
        private @Nullable List<String> shell;

        private Builder(ContainerConfig from) {
            user = from.user;
            exposedPorts = new TreeSet<>(from.exposedPorts);
            env = new ArrayList<>();
            env(from.env);
            entrypoint = from.entrypoint;
            cmd = from.cmd;
            volumes = new TreeSet<>(from.volumes);
            workingDir = from.workingDir;
            labels = new TreeMap<>(from.labels);
            stopSignal = from.stopSignal;
            argsEscaped = from.argsEscaped;
            healthcheck = from.healthcheck;
            onBuild = new ArrayList<>(from.onBuild);
            shell = from.shell;
        }

        public Builder user(@Nullable String value) {
            user = value;
            return this;
        }

        /// Exposes one more port, `port/protocol`.
        public Builder exposePort(String port) {
            exposedPorts.add(port);
            return this;
        }

        /// Sets a variable where it stands, or adds it at the end.
        public Builder env(String name, String value) {
            String entry = name + "=" + value;
            Integer place = envPlaces.putIfAbsent(name, env.size());
            if (place == null) {
                env.add(entry);
            } else {
                env.set(place, entry);
            }
            return this;
        }

        /// Replaces all variables.
        public Builder env(List<String> entries) {
            env.clear();
            envPlaces.clear();
            for (String entry : entries) {
                int equals = entry.indexOf('=');
                if (equals >= 0) {
                    envPlaces.putIfAbsent(entry.substring(0, equals), env.size());
                }
                env.add(entry);
            }
            return this;
        }

        public Builder entrypoint(@Nullable List<String> words) {
            entrypoint = words;
            return this;
        }

        public Builder cmd(@Nullable List<String> words) {
            cmd = words;
            return this;
        }

        /// Adds one more volume.
        public Builder volume(String path) {
            volumes.add(path);
            return this;
        }

        public Builder workingDir(@Nullable String path) {
            workingDir = path;
            return this;
        }

        /// Sets one label.
        public Builder label(String name, String value) {
            labels.put(name, value);
            return this;
        }

        /// Sets these labels and keeps the others.
        public Builder labels(Map<String, String> more) {
            labels.putAll(more);
            return this;
        }

        public Builder stopSignal(@Nullable String signal) {
            stopSignal = signal;
            return this;
        }

        public Builder argsEscaped(boolean value) {
            argsEscaped = value;
            return this;
        }

        public Builder healthcheck(@Nullable Healthcheck value) {
            healthcheck = value;
            return this;
        }

        /// Replaces all triggers.
        public Builder onBuild(List<String> instructions) {
            onBuild.clear();
            onBuild.addAll(instructions);
            return this;
        }

        /// Adds one more trigger.
        public Builder trigger(String instruction) {
            onBuild.add(instruction);
            return this;
        }

        public Builder shell(@Nullable List<String> words) {
            shell = words;
            return this;
        }

        /// The user so far.
        public @Nullable String user() {
            return noneIfEmpty(user);
        }

        /// The working directory so far.
        public @Nullable String workingDir() {
            return noneIfEmpty(workingDir);
        }

        /// The shell so far.
        public @Nullable List<String> shell() {
            return noneIfEmpty(shell);
        }

        /// The triggers so far.
        public List<String> onBuild() {
            return Collections.unmodifiableList(onBuild);
        }

        public ContainerConfig build() {
            return new ContainerConfig(
                    user,
                    exposedPorts,
                    env,
                    entrypoint,
                    cmd,
                    volumes,
                    workingDir,
                    labels,
                    stopSignal,
                    argsEscaped,
                    healthcheck,
                    onBuild,
                    shell);
        }
    }
}
