package dev.jbuild.parser.ast;

import org.jspecify.annotations.Nullable;

/// The `# key=value` comments at the top of a Dockerfile that the language itself reads.
///
/// @param syntax the whole value of `# syntax=`
/// @param escape the character of `# escape=`, a backslash or a backtick
/// @param check the whole value of `# check=`
public record ParserDirectives(
        @Nullable Word syntax, char escape, @Nullable Word check) {
    public ParserDirectives {
        if (escape != '\\' && escape != '`') {
            throw new IllegalArgumentException("not an escape character: " + escape);
        }
    }
}
