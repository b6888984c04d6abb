package dev.jbuild.parser;

import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.ArgDefinition;
import dev.jbuild.parser.ast.Env;
import dev.jbuild.parser.ast.KeyValue;
import dev.jbuild.parser.ast.Label;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Whitespace;
import java.util.ArrayList;
import java.util.List;

/// `ARG`, `ENV` and `LABEL`: names with values.
final class VariableSyntax {
    private VariableSyntax() {}

    static Arg arg(Statement statement) throws SyntaxException {
        List<MappedText> words = QuotedWords.split(statement);
        if (words.isEmpty()) {
            throw statement.atLeastOne();
        }
        statement.ignoreFlags();
        List<ArgDefinition> definitions = new ArrayList<>();
        for (MappedText word : words) {
            int equals = word.text().indexOf('=');
            if (equals == 0) {
                throw blankName(statement, word);
            }
            Word name = equals < 0 ? word.word() : word.word(0, equals);
            Word value = equals < 0 ? null : word.word(equals + 1, word.length());
            String description = StageCollector.description(statement.origin().comments(), name.text());
            definitions.add(new ArgDefinition(name, value, description));
        }
        return new Arg(definitions, statement.origin());
    }

    static Env env(Statement statement) throws SyntaxException {
        statement.noFlags();
        return new Env(pairs(statement), statement.origin());
    }

    static Label label(Statement statement) throws SyntaxException {
        statement.noFlags();
        return new Label(pairs(statement), statement.origin());
    }

    private static List<KeyValue> pairs(Statement statement) throws SyntaxException {
        List<MappedText> words = QuotedWords.split(statement);
        if (words.isEmpty()) {
            throw statement.atLeastOne();
        }
        if (words.getFirst().text().indexOf('=') < 0) {
            return List.of(legacyPair(statement));
        }
        List<KeyValue> pairs = new ArrayList<>();
        for (MappedText word : words) {
            int equals = word.text().indexOf('=');
            if (equals < 0) {
                throw new SyntaxException(
                        "Syntax error - can't find = in " + Quoted.of(word.text())
                                + ". Must be of the form: name=value",
                        word.word().span(),
                        words.stream().anyMatch(other -> other.text().startsWith("="))
                                ? "write NAME=value, without blanks around `=`"
                                : "put a value that has blanks in it between double quotes");
            }
            if (equals == 0) {
                throw blankName(statement, word);
            }
            pairs.add(new KeyValue(word.word(0, equals), word.word(equals + 1, word.length())));
        }
        return pairs;
    }

    /// `ENV KEY and the rest is the value`.
    private static KeyValue legacyPair(Statement statement) throws SyntaxException {
        MappedText line = statement.line();
        int keyEnd = statement.argumentsStart();
        while (keyEnd < statement.end() && !Whitespace.separates(line.charAt(keyEnd))) {
            keyEnd++;
        }
        int valueStart = keyEnd;
        while (valueStart < statement.end() && Whitespace.separates(line.charAt(valueStart))) {
            valueStart++;
        }
        Word key = line.word(statement.argumentsStart(), keyEnd);
        if (valueStart == statement.end()) {
            throw new SyntaxException(
                    statement.name() + " must have two arguments",
                    key.span(),
                    "write " + statement.name() + " " + key.text() + "=value");
        }
        return new KeyValue(key, line.word(valueStart, statement.end()));
    }

    private static SyntaxException blankName(Statement statement, MappedText word) {
        return new SyntaxException(
                statement.name() + " names can not be blank",
                word.word().span(),
                "write NAME=value, without blanks around `=`");
    }
}
