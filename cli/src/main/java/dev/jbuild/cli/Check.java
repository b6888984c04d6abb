package dev.jbuild.cli;

import org.jspecify.annotations.Nullable;

/// What `jbuild doctor` found out about one thing.
///
/// @param detail what was found
/// @param remedy what to do, null if there is nothing to do
/// @param rung a word for programs: which rung of a ladder was found, null if there is none
record Check(
        String name,
        Verdict verdict,
        String detail,
        @Nullable String remedy,
        @Nullable String rung) {
    enum Verdict {
        /// As it should be.
        OK,
        /// Builds work, but not everything does.
        LIMITED,
        /// Builds do not work.
        BROKEN
    }

    static Check ok(String name, String detail) {
        return new Check(name, Verdict.OK, detail, null, null);
    }

    static Check limited(String name, String detail, String remedy) {
        return new Check(name, Verdict.LIMITED, detail, remedy, null);
    }

    static Check broken(String name, String detail, String remedy) {
        return new Check(name, Verdict.BROKEN, detail, remedy, null);
    }

    Check onRung(String word) {
        return new Check(name, verdict, detail, remedy, word);
    }
}
