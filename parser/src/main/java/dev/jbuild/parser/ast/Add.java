package dev.jbuild.parser.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `ADD [flags] SOURCE… DESTINATION`. There is at least one source or here-document.
///
/// @param keepGitDir null if the flag was not given
/// @param unpack null if the flag was not given: then local archives are unpacked and downloaded ones are not
public record Add(
        List<Word> sources,
        List<Heredoc> heredocs,
        Word destination,
        @Nullable Word chown,
        @Nullable Word chmod,
        @Nullable Word checksum,
        boolean link,
        @Nullable Boolean keepGitDir,
        @Nullable Boolean unpack,
        List<Word> excludes,
        Origin origin)
        implements Instruction {
    public Add {
        sources = List.copyOf(sources);
        heredocs = List.copyOf(heredocs);
        excludes = List.copyOf(excludes);
        if (sources.isEmpty() && heredocs.isEmpty()) {
            throw new IllegalArgumentException("ADD without a source");
        }
    }
}
