package dev.jbuild.parser.word;

/// What [WordLexer] leaves as written.
///
/// @param escape the character that takes the next one's meaning away
/// @param processQuotes whether quotes have a meaning at all
/// @param keepQuotes whether quotes that have done their work stay in the result
/// @param keepEscapes whether escape characters stay in the result
/// @param keepUnset whether a variable that has no value stays as written, instead of becoming empty
record Mode(char escape, boolean processQuotes, boolean keepQuotes, boolean keepEscapes, boolean keepUnset) {
    static Mode word(char escape) {
        return new Mode(escape, true, false, false, false);
    }

    /// Here-document bodies: always a backslash, whatever `# escape=` says, and quotes are text.
    static final Mode HEREDOC_BODY = new Mode('\\', false, false, false, false);

    static final Mode RAW = new Mode('\\', true, true, true, true);

    static final Mode HEREDOC_NAME = new Mode('\\', true, false, false, true);
}
