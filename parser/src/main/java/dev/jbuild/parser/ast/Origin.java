package dev.jbuild.parser.ast;

import dev.jbuild.parser.source.Span;
import java.util.List;

/// How an instruction stands in its source.
///
/// @param keyword the instruction's name, in the case it was written in
/// @param text the logical line as written: continued lines joined, here-document bodies left out
/// @param span from the keyword to the end of the last line, here-document bodies included
/// @param comments the comments directly before it, without `#` and outer blanks, except parser directives; an empty
///     comment starts the list anew
public record Origin(Word keyword, String text, Span span, List<Word> comments) {
    public Origin {
        comments = List.copyOf(comments);
    }
}
