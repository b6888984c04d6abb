package dev.jbuild.cli;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Origin;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.ShellForm;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A place in a Dockerfile as `--at` names it: `STAGE`, the end of that build stage; `STAGE:LINE`, behind the
/// instruction on that line of it; or `:LINE`, whatever stage that is.
///
/// @param stage a name or a number, empty for any
/// @param line 0 for the end of the stage
record StepPlace(String stage, int line) {
    private static final Pattern FORM = Pattern.compile("([^:]*?)(?::([1-9][0-9]{0,7}))?");

    static StepPlace parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.isEmpty() || !form.matches()) {
            throw new UsageException("--at " + text + ": expected STAGE, STAGE:LINE or :LINE");
        }
        String line = form.group(2);
        return new StepPlace(form.group(1), line == null ? 0 : Integer.parseInt(line));
    }

    @Override
    public String toString() {
        return line == 0 ? stage : stage + ":" + line;
    }

    /// The Dockerfile up to this place, with one RUN more, which says all that a process there would be given. Behind
    /// a RUN it has that one's flags.
    Dockerfile cut(Dockerfile dockerfile) {
        Stage stopped = stage(dockerfile);
        List<Instruction> instructions = new ArrayList<>();
        Instruction last = stopped.from();
        for (Instruction each : stopped.instructions()) {
            if (line != 0 && line < firstLine(each, dockerfile.source())) {
                break;
            }
            instructions.add(each);
            last = each;
        }
        instructions.add(process(last));
        List<Stage> all = dockerfile.stages();
        List<Stage> stages = new ArrayList<>(all.subList(0, all.indexOf(stopped)));
        stages.add(new Stage(stopped.from(), instructions, stopped.description()));
        return new Dockerfile(
                dockerfile.source(), dockerfile.directives(), dockerfile.globalArgs(), stages, dockerfile.warnings());
    }

    private static Run process(Instruction last) {
        Word keyword = new Word("RUN", last.origin().keyword().span());
        Origin origin = new Origin(keyword, "RUN shell", last.span(), List.of());
        ShellForm command = new ShellForm("shell", List.of(), last.span());
        return last instanceof Run run
                ? new Run(command, run.mounts(), run.network(), run.security(), origin)
                : new Run(command, List.of(), null, null, origin);
    }

    private static int firstLine(Instruction instruction, Source source) {
        return source.position(instruction.span().start()).line();
    }

    private static int lastLine(Instruction instruction, Source source) {
        return source.position(instruction.span().end()).line();
    }

    private Stage stage(Dockerfile dockerfile) {
        List<Stage> stages = stages(dockerfile);
        if (line == 0) {
            return stages.getLast();
        }
        Source source = dockerfile.source();
        List<String> lines = new ArrayList<>();
        for (Stage each : stages) {
            for (Instruction instruction : Stream.concat(Stream.of(each.from()), each.instructions().stream())
                    .toList()) {
                if (firstLine(instruction, source) <= line && line <= lastLine(instruction, source)) {
                    return each;
                }
                lines.add(Integer.toString(firstLine(instruction, source)));
            }
        }
        throw new UsageException("--at " + this + ": there is no instruction "
                + (stage.isEmpty() ? "" : "of that stage ") + "on line " + line + " of " + source.name()
                + "; there are some on lines " + String.join(", ", lines));
    }

    /// Those it may be in; the last of several with one name.
    private List<Stage> stages(Dockerfile dockerfile) {
        List<Stage> all = dockerfile.stages();
        if (stage.isEmpty()) {
            return all;
        }
        String name = stage.toLowerCase(Locale.ROOT);
        List<Stage> named =
                all.stream().filter(each -> name.equals(each.name())).toList();
        if (!named.isEmpty()) {
            return List.of(named.getLast());
        }
        if (name.matches("[0-9]{1,6}") && Integer.parseInt(name) < all.size()) {
            return List.of(all.get(Integer.parseInt(name)));
        }
        List<String> names =
                all.stream().map(Stage::name).filter(Objects::nonNull).toList();
        String hint = Suggestion.didYouMean(stage, names);
        throw new UsageException("--at " + this + ": there is no build stage \"" + stage + '"'
                + (hint != null
                        ? "; " + hint
                        : names.isEmpty() ? "; give its number, from 0" : "; there are " + String.join(", ", names)));
    }
}
