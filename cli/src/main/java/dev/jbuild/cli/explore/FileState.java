package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.archive.LayerEntry;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A path as one layer has it.
///
/// @param attributes the names of its extended attributes
/// @param link where a symbolic link leads, or which path a hard link is one more name of; else empty
/// @param content null for what has none of its own
public record FileState(
        FileKind kind,
        int mode,
        long uid,
        long gid,
        List<String> attributes,
        long size,
        String link,
        LayerEntry.@Nullable Fingerprint content) {
    /// A directory that a layer has files in and says nothing about.
    static final FileState IMPLIED_DIRECTORY = new FileState(FileKind.DIRECTORY, 0755, 0, 0, List.of(), 0, "", null);

    public FileState {
        attributes = List.copyOf(attributes);
    }

    static FileState of(LayerEntry entry) {
        return new FileState(
                FileKind.of(entry.kind()),
                entry.mode(),
                entry.uid(),
                entry.gid(),
                entry.attributes(),
                entry.size(),
                entry.link(),
                entry.content());
    }

    /// What it means to have this state after another.
    ChangeKind after(FileState before) {
        if (equals(before)) {
            return ChangeKind.REPEATED;
        }
        boolean same = kind == before.kind
                && size == before.size
                && link.equals(before.link)
                && Objects.equals(content, before.content);
        return same ? ChangeKind.ATTRIBUTES : ChangeKind.MODIFIED;
    }

    /// `drwxr-xr-x`, with `s` and `t` as `ls` has them.
    public String permissions() {
        char[] text = "-rwxrwxrwx".toCharArray();
        text[0] = kind.letter();
        for (int i = 0; i < 9; i++) {
            if ((mode & 0400 >> i) == 0) {
                text[i + 1] = '-';
            }
        }
        special(text, 3, 04000, 's');
        special(text, 6, 02000, 's');
        special(text, 9, 01000, 't');
        return new String(text);
    }

    private void special(char[] text, int at, int bit, char letter) {
        if ((mode & bit) != 0) {
            text[at] = text[at] == 'x' ? letter : Character.toUpperCase(letter);
        }
    }
}
