package dev.jbuild.parser;

import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads Dockerfiles.
public final class DockerfileParser {
    private final Source source;
    private final List<Diagnostic> errors = new ArrayList<>();
    private final List<Diagnostic> warnings = new ArrayList<>();

    private DockerfileParser(Source source) {
        this.source = source;
    }

    /// Reads a whole Dockerfile. Nothing is expanded, and no stage or image is looked for.
    ///
    /// @throws DockerfileException with everything that is wrong, at most one finding for each instruction
    public static Dockerfile parse(Source source) {
        return parse(source, null);
    }

    /// Reads a whole Dockerfile as [#parse(Source)] does.
    ///
    /// @param syntax the value of the build argument `BUILDKIT_SYNTAX`, which counts in place of the file's
    ///     `# syntax=`; null if it is not given
    /// @throws DockerfileException also if the file is meant for another frontend
    public static Dockerfile parse(Source source, @Nullable String syntax) {
        return new DockerfileParser(source).dockerfile(syntax);
    }

    /// Reads the trigger of a base image's `ONBUILD`.
    ///
    /// @throws DockerfileException if it is not exactly one instruction, or one that no trigger can be
    public static Instruction parseOnBuild(String trigger) {
        DockerfileParser parser = new DockerfileParser(new Source("ONBUILD", trigger));
        List<Instruction> instructions = parser.instructions().instructions;
        Span all = new Span(0, trigger.length());
        if (parser.errors.isEmpty() && instructions.size() != 1) {
            parser.errors.add(Diagnostic.error(
                    "an ONBUILD trigger must be exactly one instruction, not " + instructions.size(), all, null));
        }
        if (parser.errors.isEmpty()) {
            String keyword = instructions.getFirst().keyword();
            if (!OnBuildSyntax.isTrigger(keyword)) {
                parser.errors.add(Diagnostic.error(keyword + " isn't allowed as an ONBUILD trigger", all, null));
            }
        }
        parser.failOnErrors();
        return instructions.getFirst();
    }

    private record Contents(
            List<Instruction> instructions, @Nullable LogicalLines lines) {}

    private Contents instructions() {
        List<Instruction> instructions = new ArrayList<>();
        LogicalLines lines = null;
        try {
            lines = new LogicalLines(source);
            StatementReader statements = new StatementReader(lines, warnings);
            for (Statement statement = statements.read(); statement != null; statement = statements.read()) {
                try {
                    instructions.add(InstructionSyntax.parse(statement));
                } catch (SyntaxException e) {
                    errors.add(e.diagnostic());
                    instructions.addAll(standIn(statement));
                }
            }
        } catch (SyntaxException e) {
            errors.add(e.diagnostic());
        }
        return new Contents(instructions, lines);
    }

    /// A `FROM` that could not be read still begins a stage for those that follow it.
    private List<Instruction> standIn(Statement statement) {
        return statement.name().equals("FROM") ? List.of(FromSyntax.unreadable(statement)) : List.of();
    }

    private Dockerfile dockerfile(@Nullable String syntax) {
        if (source.text().isEmpty()) {
            throw single("the Dockerfile cannot be empty", "begin with FROM and a base image, or FROM scratch");
        }
        try {
            Frontend.check(source, syntax, warnings);
        } catch (SyntaxException e) {
            // Written in another language, every line of it would be wrong.
            throw new DockerfileException(source, List.of(e.diagnostic()));
        }
        Contents contents = instructions();
        StageCollector stages = new StageCollector(errors);
        for (Instruction instruction : contents.instructions) {
            stages.add(instruction);
        }
        if (errors.isEmpty() && contents.instructions.isEmpty()) {
            throw single("file with no instructions", "begin with FROM and a base image, or FROM scratch");
        }
        if (errors.isEmpty() && stages.isEmpty()) {
            Instruction last = contents.instructions.getLast();
            errors.add(Diagnostic.error(
                    "dockerfile contains no stages to build",
                    last.origin().keyword().span(),
                    "add FROM and a base image, or FROM scratch"));
        }
        failOnErrors();
        LogicalLines lines = contents.lines;
        if (lines == null) {
            throw new IllegalStateException("no lines, and no error that says why");
        }
        if (warnings.size() > 1) {
            warnings.sort(Comparator.comparingInt(warning -> warning.span().start()));
        }
        return new Dockerfile(source, lines.directives(), stages.globalArgs(), stages.stages(), warnings);
    }

    private DockerfileException single(String message, String hint) {
        return new DockerfileException(source, List.of(Diagnostic.error(message, new Span(0, 0), hint)));
    }

    private void failOnErrors() {
        if (!errors.isEmpty()) {
            errors.sort(Comparator.comparingInt(error -> error.span().start()));
            throw new DockerfileException(source, errors);
        }
    }
}
