package dev.jbuild.solver.secret;

import dev.jbuild.solver.sandbox.Mask;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.sandbox.SandboxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a build may use and nobody may find in its results: secrets and agents of ssh, by their ids. Kept in memory.
public final class Secrets implements AutoCloseable {
    /// The size of the largest secret, as in BuildKit.
    public static final int LARGEST = 500 * 1024;

    private final Map<String, byte[]> values = new HashMap<>();
    private final SshAgents agents;
    private final Mask mask;

    /// @param agents those that sign for steps
    /// @param programs where ssh-agent is looked for, if one has to be started
    /// @throws IllegalArgumentException if a secret is too large
    public Secrets(Map<String, byte[]> values, Map<String, SshSource> agents, Programs programs) {
        values.forEach((id, value) -> {
            if (value.length > LARGEST) {
                throw new IllegalArgumentException(
                        "the secret \"" + id + "\" has " + value.length + " bytes, and " + LARGEST + " are the most");
            }
            this.values.put(id, value.clone());
        });
        this.agents = new SshAgents(agents, programs);
        this.mask = values.isEmpty() ? Mask.NONE : new Mask(this.values.values());
    }

    /// No secret and no agent.
    public static Secrets none() {
        return new Secrets(Map.of(), Map.of(), new Programs(""));
    }

    /// Whether there is a secret of this id.
    public boolean has(String id) {
        return values.containsKey(id);
    }

    /// Whether there is an agent of this id.
    public boolean hasAgent(String id) {
        return agents.has(id);
    }

    /// The ids of all secrets.
    public Set<String> ids() {
        return new TreeSet<>(values.keySet());
    }

    /// The ids of all agents.
    public Set<String> agentIds() {
        return agents.ids();
    }

    byte @Nullable [] value(String id) {
        return values.get(id);
    }

    /// The secret as the value of a variable, null if there is none.
    ///
    /// @throws SandboxException if it cannot be one
    @Nullable
    public String text(String id) {
        byte[] value = values.get(id);
        if (value == null) {
            return null;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            // Said below: the message of a decoder would say no more.
            return notText(id);
        }
        return notText(id);
    }

    private static String notText(String id) {
        throw new SandboxException("the secret \"" + id + "\" is not text: it cannot be a variable, only a file");
    }

    /// The socket of an agent, which is started if that is needed.
    public Path agent(String id) throws IOException, InterruptedException {
        return agents.socket(id);
    }

    /// A text that is kept or shown, with `***` in the place of every secret that is whole in it.
    public String masked(String text) {
        return new String(mask.apply(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    /// Hides all secrets.
    public Mask mask() {
        return mask;
    }

    /// Ends the agents that were started.
    @Override
    public void close() {
        agents.close();
    }

    /// The ids only.
    @Override
    public String toString() {
        return "Secrets" + ids() + agentIds();
    }
}
