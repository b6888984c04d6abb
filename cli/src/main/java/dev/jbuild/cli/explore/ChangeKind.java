package dev.jbuild.cli.explore;

import java.util.Locale;

/// What a layer does to a path.
public enum ChangeKind {
    /// It was not there.
    ADDED('A'),
    /// It has another content, link target or type.
    MODIFIED('M'),
    /// The content is the same; mode, owner or extended attributes are not.
    ATTRIBUTES('P'),
    /// It is written once more, and nothing that an image keeps of it but perhaps its time is different.
    REPEATED('R'),
    /// It is gone.
    REMOVED('D');

    private final char letter;

    ChangeKind(char letter) {
        this.letter = letter;
    }

    char letter() {
        return letter;
    }

    /// The word in JSON and tables.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
