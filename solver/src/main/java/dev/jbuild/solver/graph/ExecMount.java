package dev.jbuild.solver.graph;

import java.util.List;

/// A `--mount` of a RUN instruction.
public sealed interface ExecMount {
    /// The absolute path in the process's tree.
    String target();

    /// What of this mount is part of the cache key, apart from the content of its input.
    List<KeyPart> keyParts();

    /// What tells this mount from others though no result depends on it.
    default String details() {
        return input() + " " + source();
    }

    /// The input that the mount reads, or [Op#NONE].
    default int input() {
        return Op.NONE;
    }

    /// The path of the input that is mounted, absolute.
    default String source() {
        return "/";
    }

    /// Files of an input. Writes to a writable bind mount are thrown away.
    record Bind(int input, String source, String target, boolean readOnly) implements ExecMount {
        @Override
        public List<KeyPart> keyParts() {
            return List.of(new KeyPart("bind", target + (readOnly ? "" : ",rw")));
        }
    }

    /// A directory that outlives the build, named `id`; `input` and `source` say what a new one is filled with.
    record Cache(
            String id,
            int input,
            String source,
            String target,
            Sharing sharing,
            int mode,
            int uid,
            int gid,
            boolean readOnly)
            implements ExecMount {
        @Override
        public List<KeyPart> keyParts() {
            // The id is left out unless it is the default: it names a directory, it does not decide what comes out.
            return List.of(new KeyPart("cache", target));
        }

        @Override
        public String details() {
            return input + " " + source + " " + id + " " + sharing + " " + mode + " " + uid + " " + gid + " "
                    + readOnly;
        }
    }

    /// An empty file system in memory, of `size` bytes at most; 0 is the kernel's own limit.
    record Tmpfs(String target, long size) implements ExecMount {
        @Override
        public List<KeyPart> keyParts() {
            return List.of(new KeyPart("tmpfs", target + (size == 0 ? "" : ",size=" + size)));
        }
    }

    /// A secret, as a file and as a variable, or one of them. What the secret is never becomes part of a key.
    ///
    /// @param target where the file is; empty if there is none
    /// @param env the variable's name; empty if there is none
    /// @param required whether the process may not run without it
    record Secret(String id, String target, String env, boolean required, int mode, int uid, int gid)
            implements ExecMount {
        @Override
        public List<KeyPart> keyParts() {
            return List.of(KeyPart.list(
                    "secret",
                    List.of(
                            id,
                            target,
                            env,
                            Integer.toOctalString(mode),
                            Integer.toUnsignedString(uid),
                            Integer.toUnsignedString(gid))));
        }

        @Override
        public String details() {
            return "required=" + required;
        }
    }

    /// The socket of an agent that signs with keys of ssh.
    ///
    /// @param required whether the process may not run without it
    record Ssh(String id, String target, boolean required, int mode, int uid, int gid) implements ExecMount {
        @Override
        public List<KeyPart> keyParts() {
            return List.of(KeyPart.list(
                    "ssh",
                    List.of(
                            id,
                            target,
                            Integer.toOctalString(mode),
                            Integer.toUnsignedString(uid),
                            Integer.toUnsignedString(gid))));
        }

        @Override
        public String details() {
            return "required=" + required;
        }
    }

    /// How processes that run at the same time use one cache mount.
    enum Sharing {
        SHARED,
        PRIVATE,
        LOCKED
    }
}
