package dev.jbuild.parser;

import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Origin;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A logical line taken apart into keyword, flags and arguments, before anything is known of the instruction.
///
/// @param start where it begins in the line: not at 0 for the trigger of an `ONBUILD`
/// @param argumentsStart where the arguments begin, behind the flags; equal to end if there are none
/// @param end where the line ends, without the blanks there
/// @param json the arguments as a JSON array, if they are one
/// @param warnings where to note what is allowed but doubtful
record Statement(
        MappedText line,
        char escape,
        Word keyword,
        List<Flag> given,
        int start,
        int argumentsStart,
        int end,
        JsonArray.@Nullable Result json,
        List<Heredoc> heredocs,
        Origin origin,
        List<Diagnostic> warnings) {

    /// Takes apart what begins at the offset of the line.
    static Statement read(LogicalLine logical, char escape, int from, List<Diagnostic> warnings) {
        MappedText line = logical.text();
        String text = line.text();
        int start = Whitespace.skip(text, from, text.length());
        int end = Whitespace.skipBack(text, start, text.length());
        int keywordEnd = start;
        while (keywordEnd < end && !Whitespace.separates(text.charAt(keywordEnd))) {
            keywordEnd++;
        }
        FlagReader flags = new FlagReader(line, keywordEnd, end);
        int arguments = flags.read();
        Word keyword = line.word(start, keywordEnd);
        Origin origin = new Origin(
                keyword,
                text.substring(start, end),
                start == end ? keyword.span() : new Span(line.origin(start), logical.end()),
                logical.comments());
        return new Statement(
                line,
                escape,
                keyword,
                flags.flags(),
                start,
                arguments,
                end,
                JsonArray.read(text, arguments, end),
                List.of(),
                origin,
                warnings);
    }

    /// The same with the here-documents that follow it.
    Statement with(List<Heredoc> found, int sourceEnd) {
        Span span = new Span(origin.span().start(), sourceEnd);
        Origin whole = new Origin(origin.keyword(), origin.text(), span, origin.comments());
        return new Statement(
                line, escape, keyword, given, start, argumentsStart, end, json, List.copyOf(found), whole, warnings);
    }

    /// The arguments as a statement of its own, which has the same here-documents.
    Statement trigger() {
        Span span = origin.span();
        LogicalLine logical = new LogicalLine(line, List.of(), span.end(), null);
        Statement trigger = read(logical, escape, argumentsStart, warnings);
        return trigger.with(heredocs, span.end());
    }

    /// The same with the arguments beginning at or after an offset of the line.
    Statement withArgumentsFrom(int offset) {
        int arguments = Whitespace.skip(line.text(), offset, end);
        JsonArray.Result array = JsonArray.read(line.text(), arguments, end);
        return new Statement(line, escape, keyword, given, start, arguments, end, array, heredocs, origin, warnings);
    }

    /// The keyword in upper case.
    String name() {
        return keyword.text().toUpperCase(Locale.ROOT);
    }

    boolean hasArguments() {
        return argumentsStart < end;
    }

    /// The arguments as one word, as written.
    Word argument() {
        return line.word(argumentsStart, end);
    }

    /// The place of the arguments, or of the keyword if there are none.
    Span argumentsSpan() {
        return hasArguments() ? line.span(argumentsStart, end) : keyword.span();
    }

    /// The flags, which must be such as the instruction has.
    Flags flags() throws SyntaxException {
        return new Flags(name(), given);
    }

    /// For instructions that have no flags.
    void noFlags() throws SyntaxException {
        flags();
    }

    /// For instructions whose flags the language ignores.
    void ignoreFlags() {
        for (Flag flag : given) {
            warnings.add(Diagnostic.warning(
                    "", "flag " + Quoted.of("--" + flag.name().text()) + " has no effect here", flag.span(), null));
        }
    }

    /// The strings of the JSON form, or null if the arguments have the other form.
    ///
    /// @throws SyntaxException if the array has something other than strings in it
    @Nullable
    List<JsonArray.Item> strings() throws SyntaxException {
        if (json == null) {
            return null;
        }
        if (json.otherStart() >= 0) {
            throw new SyntaxException(
                    "only string type is allowed in JSON",
                    line.span(json.otherStart(), json.otherEnd()),
                    "put it between double quotes");
        }
        return json.strings();
    }

    /// The arguments as the strings of a JSON array, or as words between blanks; quotes do not count.
    List<Word> words() throws SyntaxException {
        List<JsonArray.Item> strings = strings();
        List<Word> words = new ArrayList<>();
        if (strings != null) {
            for (JsonArray.Item item : strings) {
                words.add(new Word(item.text(), line.span(item.start(), item.end())));
            }
            return words;
        }
        return plainWords();
    }

    /// The arguments as words between blanks, JSON or not.
    List<Word> plainWords() {
        List<Word> words = new ArrayList<>();
        int pos = argumentsStart;
        while (pos < end) {
            int wordEnd = pos;
            while (wordEnd < end && !Whitespace.separates(line.charAt(wordEnd))) {
                wordEnd++;
            }
            if (wordEnd > pos) {
                words.add(line.word(pos, wordEnd));
            }
            pos = wordEnd + 1;
        }
        return words;
    }

    SyntaxException atLeastOne() {
        return new SyntaxException(
                name() + " requires at least one argument", keyword.span(), Keywords.example(name()));
    }
}
