package dev.jbuild.solver.secret;

import dev.jbuild.solver.sandbox.Children;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.sandbox.SandboxException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// The agents of one build: those of the user, and those that hold key files, started when first needed.
final class SshAgents implements AutoCloseable {
    private final Map<String, SshSource> sources;
    private final Programs programs;
    private final Map<String, Own> started = new HashMap<>();

    SshAgents(Map<String, SshSource> sources, Programs programs) {
        this.sources = Map.copyOf(sources);
        this.programs = programs;
    }

    /// An agent that this build started.
    private record Own(Process process, Path directory) {
        Path socket() {
            return directory.resolve("agent");
        }

        void end() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    boolean has(String id) {
        return sources.containsKey(id);
    }

    Set<String> ids() {
        return new TreeSet<>(sources.keySet());
    }

    synchronized Path socket(String id) throws IOException, InterruptedException {
        SshSource source = sources.get(id);
        return switch (source) {
            case null -> throw new IllegalArgumentException("no agent " + id);
            case SshSource.Socket(Path path) -> path;
            case SshSource.Keys(List<Path> files) -> {
                Own own = started.get(id);
                if (own == null) {
                    own = start(id);
                    for (Path file : files) {
                        add(own, id, file);
                    }
                }
                yield own.socket();
            }
        };
    }

    private Path program(String name, String id) {
        return programs.find(name)
                .orElseThrow(() -> new SandboxException("--ssh " + id + " with key files needs the program " + name
                        + ", which is not on PATH: install openssh-client, or name the socket of an agent"));
    }

    // The agent ends when its command does, and cat does when this process is gone, however that came about. A signal
    // at the death of the parent does not reach ssh-agent: it is set-group-ID.
    private Own start(String id) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("jbuild-ssh-");
        Path program = program("ssh-agent", id);
        List<String> command = List.of(
                program.toString(),
                "-a",
                directory.resolve("agent").toString(),
                "/bin/sh",
                "-c",
                "echo ready && exec cat >/dev/null");
        Process process = Children.start(
                command, directory, environment -> environment.keySet().retainAll(Set.of("PATH")));
        Own own = new Own(process, directory);
        started.put(id, own);
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        if (!"ready".equals(said.readLine())) {
            String trouble = new String(process.getErrorStream().readNBytes(2000), StandardCharsets.UTF_8);
            throw new SandboxException("ssh-agent did not start: " + trouble.strip());
        }
        return own;
    }

    // By way of standard input: ssh-add would refuse a file that others may read, which docker buildx does not.
    private void add(Own own, String id, Path file) throws IOException, InterruptedException {
        Process process =
                Children.start(List.of(program("ssh-add", id).toString(), "-q", "-"), own.directory(), environment -> {
                    environment.keySet().retainAll(Set.of("PATH"));
                    environment.put("SSH_AUTH_SOCK", own.socket().toString());
                    // Nobody is to be asked for a passphrase.
                    environment.put("SSH_ASKPASS", "/bin/false");
                    environment.put("SSH_ASKPASS_REQUIRE", "force");
                });
        IOException refused = null;
        try (OutputStream in = process.getOutputStream()) {
            in.write(SshSource.read(file));
            in.write('\n');
        } catch (IOException e) {
            refused = e;
        }
        String trouble = new String(process.getErrorStream().readNBytes(2000), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 || refused != null) {
            throw new SandboxException("--ssh " + id + ": ssh-add does not take the key in " + file + ": "
                    + trouble.strip().replace('\n', ' '));
        }
    }

    @Override
    public synchronized void close() {
        List<Own> all = new ArrayList<>(started.values());
        started.clear();
        all.forEach(Own::end);
        for (Own own : all) {
            try {
                if (!own.process().waitFor(2, TimeUnit.SECONDS)) {
                    own.process().destroyForcibly();
                }
                Files.deleteIfExists(own.socket());
                Files.deleteIfExists(own.directory());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
