package dev.jbuild.parser;

import dev.jbuild.parser.ast.Expose;
import dev.jbuild.parser.ast.Maintainer;
import dev.jbuild.parser.ast.StopSignal;
import dev.jbuild.parser.ast.User;
import dev.jbuild.parser.ast.Volume;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.ast.Workdir;
import dev.jbuild.parser.source.Whitespace;
import java.util.ArrayList;
import java.util.List;

/// The instructions that are a keyword and one word or a list of words.
final class MetadataSyntax {
    private MetadataSyntax() {}

    static Expose expose(Statement statement) throws SyntaxException {
        statement.noFlags();
        List<Word> ports = statement.plainWords();
        if (ports.isEmpty()) {
            throw statement.atLeastOne();
        }
        return new Expose(ports, statement.origin());
    }

    static Volume volume(Statement statement) throws SyntaxException {
        statement.noFlags();
        List<Word> paths = new ArrayList<>();
        for (Word path : statement.words()) {
            String text = Whitespace.strip(path.text());
            if (text.isEmpty()) {
                throw new SyntaxException(
                        "VOLUME specified can not be an empty string", path.span(), Keywords.example("VOLUME"));
            }
            paths.add(new Word(text, path.span()));
        }
        if (paths.isEmpty()) {
            throw statement.atLeastOne();
        }
        return new Volume(paths, statement.origin());
    }

    static User user(Statement statement) throws SyntaxException {
        Word user = exactlyOne(statement);
        statement.noFlags();
        return new User(user, statement.origin());
    }

    static Workdir workdir(Statement statement) throws SyntaxException {
        Word path = exactlyOne(statement);
        statement.noFlags();
        return new Workdir(path, statement.origin());
    }

    static Maintainer maintainer(Statement statement) throws SyntaxException {
        Word name = exactlyOne(statement);
        statement.noFlags();
        return new Maintainer(name, statement.origin());
    }

    static StopSignal stopSignal(Statement statement) throws SyntaxException {
        Word signal = exactlyOne(statement);
        statement.ignoreFlags();
        return new StopSignal(signal, statement.origin());
    }

    private static Word exactlyOne(Statement statement) throws SyntaxException {
        if (!statement.hasArguments()) {
            throw new SyntaxException(
                    statement.name() + " requires exactly one argument",
                    statement.keyword().span(),
                    Keywords.example(statement.name()));
        }
        return statement.argument();
    }
}
