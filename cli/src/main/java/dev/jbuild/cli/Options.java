package dev.jbuild.cli;

import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// What one command takes. Declared in code, not with annotations: reflecting on them is the dearest part of picocli.
final class Options {
    private static final int HELP_WIDTH = 100;

    private final CommandSpec spec = CommandSpec.create();
    private final String command;

    /// Every command also takes `--root`, `--debug` and `--help`.
    ///
    /// @param synopsis what follows the command's name in the first line of its help
    /// @param description its help, a paragraph each
    Options(String command, String synopsis, String... description) {
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
    Options flag(String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(boolean.class)
                .description(description)
                .build());
        return this;
    }

    /// An option with a value; the last one counts.
    Options value(String label, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build());
        return this;
    }

    /// An option that may be given several times, with a value each time.
    Options values(String label, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(description)
                .build());
        return this;
    }

    /// What is not an option.
    ///
    /// @param arity how many: `1`, `0..1`, `1..*`
    Options operands(String label, String arity, String description) {
        spec.addPositional(PositionalParamSpec.builder()
                .arity(arity)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(description)
                .hideParamSyntax(true)
                .build());
        return this;
    }

    /// Understands a command line, or prints help if that is what it asks for.
    ///
    /// @throws UsageException if it is not understood
    Optional<Parsed> parse(List<String> args, Io io) {
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
            return Optional.of(new Parsed(result));
        } catch (CommandLine.ParameterException e) {
            throw new UsageException(e.getMessage() + "; see 'jbuild " + command + " --help'");
        }
    }

    /// A command line that was understood.
    static final class Parsed {
        private final ParseResult result;

        private Parsed(ParseResult result) {
            this.result = result;
        }

        boolean has(String option) {
            return result.hasMatchedOption(option);
        }

        Optional<String> value(String option) {
            return Optional.ofNullable(result.matchedOptionValue(option, null));
        }

        /// Every value of an option, in their order.
        List<String> values(String option) {
            List<String> none = List.of();
            return result.matchedOptionValue(option, none);
        }

        List<String> operands() {
            return result.matchedPositionals().stream()
                    .flatMap(positional -> positional.stringValues().stream())
                    .toList();
        }

        /// Whether `--format=json` asks for JSON rather than for a table.
        boolean json(String otherwise) {
            String format = value("--format").orElse(otherwise);
            if (format.equals("json")) {
                return true;
            }
            if (format.equals(otherwise)) {
                return false;
            }
            throw new UsageException("unknown format \"" + format + "\": expected " + otherwise
                    + " or json, which can be piped to jq");
        }
    }
}
