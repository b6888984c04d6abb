package dev.jbuild.cli.command;

import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.source.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// What one command takes. Declared in code, not with annotations: reflecting on them is the dearest part of picocli.
public final class Options {
    private static final int HELP_WIDTH = 100;

    private final CommandSpec spec = CommandSpec.create();
    private final String command;
    private final List<String> labels = new ArrayList<>();
    private int leastOperands;
    private int mostOperands;

    /// As many as there are.
    public static final int ANY_NUMBER = Integer.MAX_VALUE;

    /// Every command also takes `--root`, `--debug` and `--help`.
    ///
    /// @param synopsis what follows the command's name in the first line of its help
    /// @param description its help, a paragraph each
    public Options(String command, String synopsis, String... description) {
        this.command = command;
        spec.name("jbuild " + command);
        spec.usageMessage()
                .customSynopsis("Usage: jbuild " + command + " " + synopsis)
                .synopsisHeading("")
                .description(spaced(description))
                .parameterListHeading("%n")
                .optionListHeading("%nOptions:%n")
                .width(HELP_WIDTH)
                .sortOptions(false);
    }

    private static String[] spaced(String... paragraphs) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : paragraphs) {
            lines.add("");
            lines.add(paragraph.replace("%", "%%"));
        }
        return lines.toArray(String[]::new);
    }

    /// An option without a value.
    public Options flag(String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(boolean.class)
                .description(description)
                .build());
        return this;
    }

    /// An option with a value; the last one counts.
    public Options value(String label, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build());
        return this;
    }

    /// An option that may be given a value after `=`, and has one if it is given without.
    public Options optional(String label, String without, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(String.class)
                .arity("0..1")
                .fallbackValue(without)
                .paramLabel(label)
                .description(description)
                .build());
        return this;
    }

    /// An option that may be given several times, with a value each time.
    public Options values(String label, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(description)
                .build());
        return this;
    }

    /// An option with a value that help does not show: it is there for those who know it from elsewhere.
    public Options hidden(String... names) {
        spec.addOption(OptionSpec.builder(names).type(String.class).hidden(true).build());
        return this;
    }

    /// An option without a value that help does not show.
    public Options hiddenFlag(String... names) {
        spec.addOption(
                OptionSpec.builder(names).type(boolean.class).hidden(true).build());
        return this;
    }

    /// An argument that is not an option. Several are told apart by their order.
    public Options operand(String label, String description) {
        return operands(label, 1, 1, description);
    }

    /// Arguments that are not options, from the least number of them to the most.
    public Options operands(String label, int least, int most, String description) {
        spec.addPositional(PositionalParamSpec.builder()
                .index(Integer.toString(labels.size()))
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(description)
                .hideParamSyntax(true)
                .build());
        labels.add(label);
        leastOperands += least;
        mostOperands = most == ANY_NUMBER ? ANY_NUMBER : mostOperands + most;
        return this;
    }

    /// Takes options away, each given by one of its names.
    public Options without(String... names) {
        for (String name : names) {
            spec.remove(spec.findOption(name));
        }
        return this;
    }

    /// Understands a command line, or prints help if that is what it asks for.
    ///
    /// @throws UsageException if it is not understood
    public Optional<Parsed> parse(List<String> args, Io io) {
        value("DIR", "The store, instead of $JBUILD_ROOT or its usual place.", "--root");
        flag("Show where in jbuild something failed.", "-D", "--debug");
        spec.addOption(OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .usageHelp(true)
                .description("Print this text.")
                .build());
        CommandLine parser = new CommandLine(spec).setExpandAtFiles(false).setOverwrittenOptionsAllowed(true);
        try {
            ParseResult result = parser.parseArgs(args.toArray(String[]::new));
            if (result.isUsageHelpRequested()) {
                io.out().print(parser.getUsageMessage(Ansi.OFF));
                return Optional.empty();
            }
            return Optional.of(checked(new Parsed(result)));
        } catch (CommandLine.UnmatchedArgumentException e) {
            throw misunderstood(unknown(e.getUnmatched().getFirst()));
        } catch (CommandLine.ParameterException e) {
            throw misunderstood(e.getMessage());
        }
    }

    private String unknown(String argument) {
        if (!argument.startsWith("-")) {
            return "unexpected argument \"" + argument + '"';
        }
        int equals = argument.indexOf('=');
        String option = equals < 0 ? argument : argument.substring(0, equals);
        String meant = Suggestion.didYouMean(option, spec.optionsMap().keySet());
        return "unknown option " + option + (meant == null ? "" : " (" + meant + ")");
    }

    private Parsed checked(Parsed parsed) {
        List<String> operands = parsed.operands();
        if (operands.size() < leastOperands) {
            throw misunderstood("missing " + labels.get(Math.min(operands.size(), labels.size() - 1)));
        }
        if (operands.size() > mostOperands) {
            throw misunderstood("unexpected argument \"" + operands.get(mostOperands) + '"');
        }
        return parsed;
    }

    private UsageException misunderstood(@Nullable String problem) {
        return new UsageException(problem + "; see 'jbuild " + command + " --help'");
    }

    /// A command line that was understood.
    public static final class Parsed {
        private final ParseResult result;

        private Parsed(ParseResult result) {
            this.result = result;
        }

        public boolean has(String option) {
            return result.hasMatchedOption(option);
        }

        public Optional<String> value(String option) {
            return Optional.ofNullable(result.matchedOptionValue(option, null));
        }

        /// Every value of an option, in their order.
        public List<String> values(String option) {
            List<String> none = List.of();
            return result.matchedOptionValue(option, none);
        }

        /// The options that were given, each by its longest name.
        public List<String> options() {
            return result.matchedOptions().stream().map(OptionSpec::longestName).toList();
        }

        public List<String> operands() {
            return result.matchedPositionals().stream()
                    .flatMap(positional -> positional.stringValues().stream())
                    .toList();
        }

        /// Whether `--format=json` asks for JSON rather than for a table.
        public boolean json(String otherwise) {
            String format = value("--format").orElse(otherwise);
            if (format.equals("json")) {
                return true;
            }
            if (format.equals(otherwise)) {
                return false;
            }
            throw new UsageException(
                    "unknown format \"" + format + "\": expected " + otherwise + " or json, which can be piped to jq");
        }
    }
}
