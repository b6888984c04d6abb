package dev.jbuild.parser;

import dev.jbuild.parser.ast.MountFlag;
import dev.jbuild.parser.ast.MountOption;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.word.WordException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The value of `RUN --mount=`: one CSV record of `key=value` fields.
final class MountSyntax {
    private MountSyntax() {}

    static MountFlag mount(MappedText value) throws SyntaxException {
        List<MappedText> fields = fields(value);
        List<MountOption> options = new ArrayList<>();
        for (MappedText field : fields) {
            int equals = field.text().indexOf('=');
            options.add(
                    equals < 0
                            ? new MountOption(field.word(), null)
                            : new MountOption(field.word(0, equals), field.word(equals + 1, field.length())));
        }
        MountFlag flag = new MountFlag(options, value.word().span());
        try {
            MountRules.check(flag, new LiteralValues());
        } catch (WordException e) {
            throw new SyntaxException(e.diagnostic());
        }
        return flag;
    }

    /// The value of a word that has nothing to expand, else null. A class, since the first lambda of a process costs
    /// more than all the rest of reading a Dockerfile.
    private static final class LiteralValues implements Function<Word, @Nullable String> {
        @Override
        public @Nullable String apply(Word word) {
            for (int i = 0; i < word.text().length(); i++) {
                if ("$\\`'\"".indexOf(word.text().charAt(i)) >= 0) {
                    return null;
                }
            }
            return word.text();
        }
    }

    /// Splits one CSV record; a field may be in double quotes, with the quotes in it doubled.
    private static List<MappedText> fields(MappedText value) throws SyntaxException {
        if (value.length() == 0) {
            throw new SyntaxException(
                    "--mount has no options", value.word().span(), "for example --mount=type=cache,target=/cache");
        }
        List<MappedText> fields = new ArrayList<>();
        int pos = 0;
        while (true) {
            boolean quoted = pos < value.length() && value.charAt(pos) == '"';
            int end = quoted ? quotedField(value, pos, fields) : plainField(value, pos, fields);
            if (end == value.length()) {
                return fields;
            }
            pos = end + 1;
        }
    }

    private static int plainField(MappedText value, int start, List<MappedText> fields) throws SyntaxException {
        int comma = value.text().indexOf(',', start);
        int end = comma < 0 ? value.length() : comma;
        int quote = value.text().indexOf('"', start);
        if (quote >= 0 && quote < end) {
            throw new SyntaxException(
                    "a quote inside an option of --mount",
                    value.span(quote, quote + 1),
                    "put the whole option, key included, between double quotes, and the flag's value between single"
                            + " ones");
        }
        fields.add(value.slice(start, end));
        return end;
    }

    private static int quotedField(MappedText value, int start, List<MappedText> fields) throws SyntaxException {
        MappedText.Builder field = new MappedText.Builder(value.origin(start));
        int pos = start + 1;
        while (true) {
            int quote = value.text().indexOf('"', pos);
            if (quote < 0) {
                throw new SyntaxException(
                        "a quoted option of --mount is not closed",
                        value.span(start, value.length()),
                        "add the closing `\"`");
            }
            for (int i = pos; i < quote; i++) {
                field.append(value.text(), i, i + 1, value.origin(i));
            }
            pos = quote + 1;
            if (pos == value.length() || value.charAt(pos) == ',') {
                fields.add(field.build());
                return pos;
            }
            if (value.charAt(pos) != '"') {
                throw new SyntaxException(
                        "a quoted option of --mount goes on behind its closing quote",
                        value.span(quote, pos + 1),
                        "put the whole option between the quotes");
            }
            field.append(value.text(), pos, pos + 1, value.origin(pos));
            pos++;
        }
    }
}
