package dev.jbuild.cli.template;

import org.jspecify.annotations.Nullable;

/// A word between `{{` and `}}`.
///
/// @param text as written; of a string, what it says
/// @param value of a literal
/// @param spaced whether a blank stands before it, which is what tells `.A .B` from `.A.B`
record Token(Kind kind, String text, @Nullable Object value, int at, boolean spaced) {
    enum Kind {
        /// `.` alone.
        DOT,
        /// `.Name`
        FIELD,
        /// `$` or `$name`.
        VARIABLE,
        /// A keyword or the name of a function.
        NAME,
        LITERAL,
        /// `|`, `(`, `)`, `:=`, `=`, `,`
        SIGN,
        /// `}}`
        END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }
}
