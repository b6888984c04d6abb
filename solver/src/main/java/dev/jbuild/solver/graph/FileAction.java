package dev.jbuild.solver.graph;

import dev.jbuild.layerstore.oci.Digest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One action of a [Op.FileOp]. Paths are absolute and are only ever resolved inside the tree they belong to.
public sealed interface FileAction {
    /// What decides this action's result, apart from the content it copies.
    List<KeyPart> keyParts();

    /// Copies `path` of the input `source` to `destination`, as COPY and ADD do.
    ///
    /// A directory's contents are copied, not the directory itself. A symbolic link that `path` itself names is
    /// followed; links below it are copied as links. `destination` ends with `/` when it names a directory.
    ///
    /// @param source index of the input that is read
    /// @param wildcard whether `path` is a pattern
    /// @param allowMissing whether a pattern may match nothing
    /// @param unpack whether archives are unpacked instead of copied: ADD's rule
    /// @param parents keep the path of each match below `pivot` (`COPY --parents`)
    /// @param excludes patterns of .dockerignore kind, relative to the copied directory
    /// @param owner null keeps what the input says
    /// @param mode null keeps what the input says
    record Copy(
            int source,
            String path,
            String destination,
            boolean wildcard,
            boolean allowMissing,
            boolean unpack,
            boolean parents,
            String pivot,
            List<String> excludes,
            @Nullable Owner owner,
            @Nullable Mode mode)
            implements FileAction {
        public Copy {
            excludes = List.copyOf(excludes);
        }

        @Override
        public List<KeyPart> keyParts() {
            List<KeyPart> parts = new ArrayList<>();
            // Where the content came from is no input of the result; what it is called there is.
            parts.add(new KeyPart("copy", baseName(path) + " -> " + destination));
            if (unpack) {
                parts.add(new KeyPart("unpack", "true"));
            }
            if (parents) {
                parts.add(new KeyPart("parents", pivot + " " + path));
            }
            if (!excludes.isEmpty()) {
                parts.add(KeyPart.list("exclude", excludes));
            }
            if (owner != null) {
                parts.add(new KeyPart("chown", owner.toString()));
            }
            if (mode != null) {
                parts.add(new KeyPart("chmod", mode.text()));
            }
            return parts;
        }

        private String baseName(String of) {
            return wildcard || parents ? of : of.substring(of.lastIndexOf('/') + 1);
        }
    }

    /// Makes a directory and, if `makeParents`, those above it; one that exists stays as it is.
    record MakeDirectory(
            String path,
            int mode,
            boolean makeParents,
            @Nullable Owner owner) implements FileAction {
        @Override
        public List<KeyPart> keyParts() {
            return List.of(new KeyPart("mkdir", path + " " + Integer.toOctalString(mode) + owned(owner)));
        }
    }

    /// Makes a file with this content, in `path` or, if that is a directory or ends with `/`, in it as `name`.
    record MakeFile(
            String path,
            String name,
            String content,
            @Nullable Owner owner,
            @Nullable Mode mode) implements FileAction {
        @Override
        public List<KeyPart> keyParts() {
            Digest digest = Digest.of(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            String chmod = mode == null ? "" : " chmod " + mode.text();
            return List.of(new KeyPart("mkfile", path + " " + name + " " + digest + owned(owner) + chmod));
        }
    }

    private static String owned(@Nullable Owner owner) {
        return owner == null ? "" : " " + owner;
    }

    /// The owner that `--chown` asks for: names or numbers, looked up in the tree that is written to.
    ///
    /// @param group null: the user's own group for a name, the same number for a number
    record Owner(String user, @Nullable String group) {
        /// Parses `user[:group]`. An empty group is group 0.
        public static Owner parse(String text) {
            int colon = text.indexOf(':');
            if (colon < 0) {
                return new Owner(text, null);
            }
            String group = text.substring(colon + 1);
            return new Owner(text.substring(0, colon), group.isEmpty() ? "0" : group);
        }

        @Override
        public String toString() {
            return group == null ? user : user + ":" + group;
        }
    }

    /// The permissions that `--chmod` asks for: octal digits, or symbolic (`u=rwX,go=rX`).
    record Mode(String text) {}
}
