package dev.jbuild.parser.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `COPY [flags] SOURCE… DESTINATION`. There is at least one source or here-document.
///
/// @param from a stage, an index, a named context or an image; never expanded
public record Copy(
        List<Word> sources,
        List<Heredoc> heredocs,
        Word destination,
        @Nullable Word from,
        @Nullable Word chown,
        @Nullable Word chmod,
        boolean link,
        boolean parents,
        List<Word> excludes,
        Origin origin)
        implements Instruction {
    public Copy {
        sources = List.copyOf(sources);
        heredocs = List.copyOf(heredocs);
        excludes = List.copyOf(excludes);
        if (sources.isEmpty() && heredocs.isEmpty()) {
            throw new IllegalArgumentException("COPY without a source");
        }
    }
}
