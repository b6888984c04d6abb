package dev.jbuild.solver.secret;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.sandbox.Sandbox;
import dev.jbuild.solver.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The secrets of one process as files: in a file system in memory that only this process and its sandboxes see, and
/// that is gone with the last of them.
public final class SecretFiles implements AutoCloseable {
    private static final String OPTIONS = "mode=0700,size=256m";
    // What a socket's address has room for, less the name in the directory.
    private static final int LONGEST_PATH = 90;

    private final Path place;
    private final Secrets secrets;
    private final List<AgentRelay> relays = new ArrayList<>();
    private @Nullable Path mounted;
    private @Nullable Path shortcut;
    private int files;

    /// @param place where the file system is mounted; need not exist
    public SecretFiles(Path place, Secrets secrets) {
        this.place = place;
        this.secrets = secrets;
    }

    /// The root of the file system, which is made when it is first needed.
    ///
    /// @throws SandboxException where none can be made: a secret is not put on a disk instead
    public Path directory() throws IOException {
        Path directory = mounted;
        if (directory == null) {
            directory = Files.createDirectory(place);
            mount(directory);
            mounted = directory;
        }
        return directory;
    }

    private static void mount(Path directory) {
        try {
            // Not even by way of swap space; kernels before 6.4 do not know the word.
            Kernel.mountTmpfs(directory, OPTIONS + ",noswap");
        } catch (KernelException unknown) {
            try {
                Kernel.mountTmpfs(directory, OPTIONS);
            } catch (KernelException e) {
                throw new SandboxException(
                        "secrets and ssh agents need a file system in memory, and none can be mounted" + " here: "
                                + e.getMessage());
            }
        }
    }

    /// The mount that shows a secret as a file, null if there is nothing to show.
    public Sandbox.@Nullable SandboxMount file(ExecMount.Secret mount) throws IOException {
        byte[] value = secrets.value(mount.id());
        if (value == null) {
            demand(mount);
            return null;
        }
        if (mount.target().isEmpty()) {
            return null;
        }
        Path file = directory().resolve("secret-" + files++);
        Files.write(file, value);
        own(file, mount.uid(), mount.gid(), mount.mode());
        return new Sandbox.SandboxMount.Bind(file, mount.target(), true);
    }

    /// The mount that shows an agent's socket, null if there is no such agent.
    public Sandbox.@Nullable SandboxMount socket(ExecMount.Ssh mount) throws IOException, InterruptedException {
        if (!secrets.hasAgent(mount.id())) {
            demand(mount);
            return null;
        }
        Path agent = secrets.agent(mount.id());
        String name = "agent-" + files++;
        relays.add(new AgentRelay(near().resolve(name), agent));
        Path socket = directory().resolve(name);
        own(socket, mount.uid(), mount.gid(), mount.mode());
        return new Sandbox.SandboxMount.Bind(socket, mount.target(), true);
    }

    private void demand(ExecMount mount) {
        MissingSecretException missing = MissingSecretException.of(mount, secrets);
        if (missing != null) {
            throw missing;
        }
    }

    /// The directory by a name that fits into a socket's address.
    private Path near() throws IOException {
        Path directory = directory();
        Path link = shortcut;
        if (link == null && directory.toString().length() > LONGEST_PATH) {
            Path parent = Files.createTempDirectory("jbuild-ssh-");
            link = Files.createSymbolicLink(parent.resolve("d"), directory.toAbsolutePath());
            shortcut = link;
        }
        return link == null ? directory : link;
    }

    // The mode last: a change of the owner takes bits away.
    private static void own(Path file, int uid, int gid, int mode) throws IOException {
        try {
            Kernel.chown(file, uid, gid);
        } catch (KernelException e) {
            throw new SandboxException(
                    "a secret or an ssh agent cannot be given to user "
                            + Integer.toUnsignedString(uid) + " and group " + Integer.toUnsignedString(gid)
                            + ": there is no such user in this user namespace; ranges in /etc/subuid and /etc/subgid make some");
        }
        Kernel.chmod(file, mode);
    }

    @Override
    public void close() throws IOException {
        try {
            for (AgentRelay relay : relays) {
                relay.close();
            }
            Path link = shortcut;
            Path parent = link == null ? null : link.getParent();
            if (link != null && parent != null) {
                Files.deleteIfExists(link);
                Files.deleteIfExists(parent);
            }
        } finally {
            Path directory = mounted;
            if (directory != null) {
                Kernel.detachMount(directory);
            }
        }
    }
}
