package dev.jbuild.parser;

import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Copy;
import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `COPY` and `ADD`.
final class CopySyntax {

    private CopySyntax() {}

    /// What `COPY` and `ADD` have in common.
    private record Paths(List<Word> sources, List<Heredoc> heredocs, Word destination) {}

    static Copy copy(Statement statement) throws SyntaxException {
        Paths paths = paths(statement);
        Flags flags = statement.flags();
        Word from = given(flags, "from");
        if (from != null) {
            VariableReference.forbid(from, "--from");
        }
        noteDoubts(statement, paths, flags);
        return new Copy(
                paths.sources,
                paths.heredocs,
                paths.destination,
                from,
                given(flags, "chown"),
                given(flags, "chmod"),
                flags.isOn("link"),
                flags.isOn("parents"),
                flags.values("exclude"),
                statement.origin());
    }

    static Add add(Statement statement) throws SyntaxException {
        Paths paths = paths(statement);
        Flags flags = statement.flags();
        noteDoubts(statement, paths, flags);
        return new Add(
                paths.sources,
                paths.heredocs,
                paths.destination,
                given(flags, "chown"),
                given(flags, "chmod"),
                given(flags, "checksum"),
                flags.isOn("link"),
                flags.state("keep-git-dir"),
                flags.state("unpack"),
                flags.values("exclude"),
                statement.origin());
    }

    /// What the language allows, and does in another way than it reads.
    private static void noteDoubts(Statement statement, Paths paths, Flags flags) {
        Word chmod = given(flags, "chmod");
        if (flags.isOn("link") && chmod != null && chmod.text().indexOf('$') < 0) {
            statement
                    .warnings()
                    .add(Diagnostic.warning(
                            "",
                            "--link has no effect together with --chmod",
                            flags.span("link"),
                            "leave out --link, or set the mode where the files come from"));
        }
        String destination = paths.destination.text();
        boolean several = paths.sources.size() + paths.heredocs.size() > 1;
        if (several && !isDirectory(destination) && destination.indexOf('$') < 0) {
            statement
                    .warnings()
                    .add(Diagnostic.warning(
                            "",
                            "several sources, and a destination that does not end with `/`: unless it is a directory"
                                    + " already, each file replaces the one before",
                            paths.destination.span(),
                            "write " + destination + "/"));
        }
    }

    /// Whether a path can only mean a directory. Quotes at its end are not part of it.
    private static boolean isDirectory(String path) {
        String last = path.replaceFirst("[\"']+$", "");
        last = last.substring(last.lastIndexOf('/') + 1);
        return last.isEmpty() || last.equals(".") || last.equals("..");
    }

    /// A flag with an empty value means the same as no flag.
    private static @Nullable Word given(Flags flags, String name) {
        Word value = flags.value(name);
        return value == null || value.text().isEmpty() ? null : value;
    }

    private static Paths paths(Statement statement) throws SyntaxException {
        NavigableMap<Integer, Heredoc> markers = new TreeMap<>();
        for (Heredoc heredoc : statement.heredocs()) {
            markers.put(heredoc.span().start(), heredoc);
        }
        List<Word> words = joinHeredocMarkers(statement.words(), markers);
        if (words.size() < 2) {
            throw arity(statement, words, markers);
        }
        Word destination = words.getLast();
        if (markers.containsKey(destination.span().start())) {
            throw new SyntaxException(
                    statement.name() + " cannot accept a heredoc as a destination",
                    destination.span(),
                    "put the path to copy to at the end");
        }
        List<Word> sources = new ArrayList<>();
        List<Heredoc> heredocs = new ArrayList<>();
        for (Word word : words.subList(0, words.size() - 1)) {
            Heredoc heredoc = markers.get(word.span().start());
            if (heredoc == null) {
                sources.add(word);
            } else {
                heredocs.add(heredoc);
            }
        }
        return new Paths(sources, heredocs, destination);
    }

    private static SyntaxException arity(Statement statement, List<Word> words, Map<Integer, Heredoc> markers) {
        String name = statement.name();
        if (words.isEmpty()) {
            return new SyntaxException(
                    name + " requires at least two arguments, but none was provided",
                    statement.keyword().span(),
                    "write " + name + " SOURCE DESTINATION");
        }
        Word only = words.getFirst();
        return new SyntaxException(
                name + " requires at least two arguments, but only one was provided."
                        + " Destination could not be determined",
                only.span(),
                !markers.containsKey(only.span().start())
                        ? "to copy to the working directory, write " + name + " " + only.text() + " ."
                        : "add the path of the file to make");
    }

    /// A marker like `<< EOF`, or one with a quoted blank, is one word though there are blanks in it.
    private static List<Word> joinHeredocMarkers(List<Word> words, NavigableMap<Integer, Heredoc> markers) {
        List<Word> joined = new ArrayList<>();
        for (Word word : words) {
            Map.Entry<Integer, Heredoc> before = markers.floorEntry(word.span().start());
            boolean inMarker = before != null
                    && word.span().end() <= before.getValue().span().end();
            if (before == null || !inMarker) {
                joined.add(word);
            } else if (word.span().start() == before.getKey()) {
                joined.add(new Word(before.getValue().name(), before.getValue().span()));
            }
        }
        return joined;
    }
}
