package dev.jbuild.solver.graph;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.Platform;
import java.util.ArrayList;
import java.util.List;

/// An operation on file system trees. The kinds and their meaning are those of BuildKit's LLB.
///
/// An operation names its inputs by their index in [Vertex#inputs()]; [#NONE] is the empty tree (`FROM scratch`).
public sealed interface Op permits Op.ImageSource, Op.OciLayoutSource, Op.LocalSource, Op.Exec, Op.FileOp, Op.Merge {
    /// The index that stands for the empty tree.
    int NONE = -1;

    /// Everything that decides this operation's result apart from its inputs, in a fixed order.
    List<KeyPart> keyParts();

    /// What tells this operation from others in a build though no result depends on it: where content comes from, the
    /// values of proxies, the names of cache mounts.
    default List<String> details() {
        return List.of();
    }

    /// The input whose tree this operation extends, or [#NONE] if it extends the empty tree or makes its own.
    int root();

    /// The layers of an image in a registry, pinned by the digest of its manifest.
    record ImageSource(String reference, Platform platform, Digest manifest) implements Op {
        @Override
        public List<KeyPart> keyParts() {
            // Neither the name nor the platform: equal bytes are equal layers, whatever they are called.
            return List.of(new KeyPart("image", manifest.toString()));
        }

        @Override
        public int root() {
            return NONE;
        }
    }

    /// The layers of an image in a directory that holds an OCI image layout.
    record OciLayoutSource(String directory, Platform platform, Digest manifest) implements Op {
        @Override
        public List<KeyPart> keyParts() {
            return List.of(new KeyPart("image", manifest.toString()));
        }

        @Override
        public int root() {
            return NONE;
        }
    }

    /// A build context on this machine, read in place. It has no key of its own: whoever reads it is keyed by the
    /// content of the paths it selects.
    record LocalSource(String context) implements Op {
        @Override
        public List<KeyPart> keyParts() {
            return List.of(new KeyPart("context", context));
        }

        @Override
        public int root() {
            return NONE;
        }
    }

    /// A process that runs over the root tree; what it changes is the result.
    ///
    /// @param args the argument vector
    /// @param env `NAME=value`, in order
    /// @param proxyEnv proxy variables: visible to the process, no part of the key
    /// @param user the user as written (`name`, `uid`, `name:group`), empty for root
    /// @param hosts extra lines of /etc/hosts, `name=address`; only the names are part of the key
    record Exec(
            int root,
            List<String> args,
            List<String> env,
            List<String> proxyEnv,
            String cwd,
            String user,
            List<ExecMount> mounts,
            Network network,
            String hostname,
            List<String> hosts,
            Platform platform)
            implements Op {
        public Exec {
            args = List.copyOf(args);
            env = List.copyOf(env);
            proxyEnv = List.copyOf(proxyEnv);
            mounts = List.copyOf(mounts);
            hosts = List.copyOf(hosts);
        }

        @Override
        public List<KeyPart> keyParts() {
            List<KeyPart> parts = new ArrayList<>();
            parts.add(new KeyPart("op", "exec"));
            parts.add(KeyPart.list("args", args));
            env.forEach(variable -> parts.add(new KeyPart("env", variable)));
            parts.add(new KeyPart("cwd", cwd));
            parts.add(new KeyPart("user", user));
            parts.add(new KeyPart("network", network.toString()));
            parts.add(new KeyPart("hostname", hostname));
            parts.add(new KeyPart("platform", platform.toString()));
            hosts.forEach(host -> parts.add(new KeyPart("host", host.substring(0, host.indexOf('=')))));
            mounts.forEach(mount -> parts.addAll(mount.keyParts()));
            return parts;
        }

        @Override
        public List<String> details() {
            List<String> details = new ArrayList<>(proxyEnv);
            details.addAll(hosts);
            mounts.forEach(mount -> details.add(mount.details()));
            return details;
        }
    }

    /// Actions on files, all committed as one layer.
    record FileOp(int root, List<FileAction> actions) implements Op {
        public FileOp {
            actions = List.copyOf(actions);
        }

        @Override
        public List<KeyPart> keyParts() {
            List<KeyPart> parts = new ArrayList<>();
            parts.add(new KeyPart("op", "file"));
            actions.forEach(action -> parts.addAll(action.keyParts()));
            return parts;
        }

        @Override
        public List<String> details() {
            List<String> details = new ArrayList<>();
            for (FileAction action : actions) {
                if (action instanceof FileAction.Copy copy) {
                    details.add(copy.source() + " " + copy.path());
                }
            }
            return details;
        }
    }

    /// The inputs' layers on top of each other, first input lowest. Nothing is copied.
    record Merge() implements Op {
        @Override
        public List<KeyPart> keyParts() {
            return List.of(new KeyPart("op", "merge"));
        }

        @Override
        public int root() {
            return 0;
        }
    }
}
