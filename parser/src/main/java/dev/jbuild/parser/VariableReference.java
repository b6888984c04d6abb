package dev.jbuild.parser;

import dev.jbuild.parser.ast.Word;

/// Variables where the language has none.
final class VariableReference {
    private VariableReference() {}

    /// @throws SyntaxException if the word uses a variable
    static void forbid(Word word, String where) throws SyntaxException {
        int dollar = word.text().indexOf('$');
        if (dollar >= 0 && dollar + 1 < word.text().length()) {
            throw new SyntaxException(
                    "variable expansion is not supported for " + where,
                    word.span(),
                    "define a new stage with FROM using ARG from global scope, and name that stage here");
        }
    }
}
