package dev.jbuild.solver.graph;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An operation on file system trees. The kinds and their meaning are those of BuildKit's LLB.
///
/// An operation names its inputs by their index in [Vertex#inputs()]; [#NONE] is the empty tree (`FROM scratch`).
public sealed interface Op
        permits Op.ImageSource,
                Op.OciLayoutSource,
                Op.LocalSource,
                Op.HttpSource,
                Op.GitSource,
                Op.Exec,
                Op.FileOp,
                Op.Merge {
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

    /// A file that comes by HTTP, pinned by its content: the only one in its tree, readable by its owner only.
    ///
    /// @param fileName its name in the tree
    /// @param lastModified when the server says it changed; null if it does not say, or was not asked
    record HttpSource(
            RemoteAddress url,
            String fileName,
            Digest content,
            @Nullable Instant lastModified) implements Op {
        public HttpSource {
            if (fileName.isEmpty() || fileName.equals(".") || fileName.equals("..") || fileName.indexOf('/') >= 0) {
                throw new IllegalArgumentException("not a file name: \"" + fileName + '"');
            }
        }

        @Override
        public List<KeyPart> keyParts() {
            List<KeyPart> parts = new ArrayList<>();
            // Not the address: equal bytes are an equal file, wherever they come from.
            parts.add(new KeyPart("http", content.toString()));
            parts.add(new KeyPart("name", fileName));
            if (lastModified != null) {
                parts.add(new KeyPart("mtime", Long.toString(lastModified.getEpochSecond())));
            }
            return parts;
        }

        @Override
        public List<String> details() {
            return List.of(url.text());
        }

        @Override
        public int root() {
            return NONE;
        }
    }

    /// The files of a git repository at a commit, all owned by root, with modes 644 and 755.
    ///
    /// @param ref the whole name of the branch or tag that the commit was found by, empty if there is none
    /// @param commit its full ID
    /// @param subdirectory the directory that becomes the root of the tree, empty for all
    /// @param keepGitDir whether `.git` stays in it
    record GitSource(
            RemoteAddress remote,
            String ref,
            String commit,
            String subdirectory,
            boolean keepGitDir,
            boolean submodules,
            FileTimes times)
            implements Op {
        /// What files are dated with: the time at which they are written here, or the commit's.
        public enum FileTimes {
            CHECKOUT,
            COMMIT
        }

        public GitSource {
            if (!commit.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
                throw new IllegalArgumentException("not a commit: \"" + commit + '"');
            }
        }

        @Override
        public List<KeyPart> keyParts() {
            List<KeyPart> parts = new ArrayList<>();
            parts.add(new KeyPart("git", commit));
            if (!subdirectory.isEmpty()) {
                parts.add(new KeyPart("subdir", subdirectory));
            }
            if (keepGitDir) {
                // Their names are in the directory that is kept.
                parts.add(new KeyPart("keep-git-dir", remote + "#" + ref));
            }
            parts.add(new KeyPart("submodules", Boolean.toString(submodules)));
            if (times == FileTimes.COMMIT) {
                parts.add(new KeyPart("mtime", "commit"));
            }
            return parts;
        }

        @Override
        public List<String> details() {
            return List.of(remote.text(), ref);
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
            Security security,
            ExecLimits limits,
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
            if (security != Security.SANDBOX) {
                parts.add(new KeyPart("security", security.toString()));
            }
            parts.addAll(limits.keyParts());
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
