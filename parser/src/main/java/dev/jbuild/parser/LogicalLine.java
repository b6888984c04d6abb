package dev.jbuild.parser;

import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One instruction's line, its continuations joined and the comments between them left out.
///
/// @param comments those directly before it
/// @param end where the last physical line ends in the source
/// @param emptyContinuation the first blank line among the continuations
record LogicalLine(
        MappedText text,
        List<Word> comments,
        int end,
        @Nullable Span emptyContinuation) {}
