package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.archive.LayerEntry;
import java.util.Locale;

/// What a path of an image is. A hard link has the size 0: its content is counted where it was written.
public enum FileKind {
    FILE('-'),
    DIRECTORY('d'),
    SYMBOLIC_LINK('l'),
    HARD_LINK('h'),
    CHARACTER_DEVICE('c'),
    BLOCK_DEVICE('b'),
    FIFO('p');

    private final char letter;

    FileKind(char letter) {
        this.letter = letter;
    }

    /// What stands before the permissions, as `ls -l` and `tar -tv` write it.
    char letter() {
        return letter;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static FileKind of(LayerEntry.Kind kind) {
        return switch (kind) {
            case FILE -> FILE;
            case DIRECTORY -> DIRECTORY;
            case SYMBOLIC_LINK -> SYMBOLIC_LINK;
            case HARD_LINK -> HARD_LINK;
            case CHARACTER_DEVICE -> CHARACTER_DEVICE;
            case BLOCK_DEVICE -> BLOCK_DEVICE;
            case FIFO -> FIFO;
            case WHITEOUT, OPAQUE_WHITEOUT -> throw new IllegalArgumentException("a whiteout is no file");
        };
    }
}
