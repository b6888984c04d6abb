package dev.jbuild.cli;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.Json;
import dev.jbuild.cli.report.Table;
import dev.jbuild.solver.sandbox.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `jbuild doctor`: what this machine lets jbuild do, and what would lift each limit.
final class DoctorCommand {
    private DoctorCommand() {}

    static Options options() {
        return new Options(
                        "doctor",
                        "[OPTIONS]",
                        "Checks what this machine lets jbuild do, and says what would lift each limit. It changes nothing,"
                                + " and ends with exit code 1 if no build could work.")
                .value("FORMAT", "text, or json.", "--format");
    }

    static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        boolean json = parsed.get().json("text");
        List<Check> checks = checks(StoreLocation.of(io, parsed.get().value("--root")), io);
        io.out().print(json ? json(checks) : text(checks));
        boolean broken = checks.stream().anyMatch(check -> check.verdict() == Check.Verdict.BROKEN);
        return broken ? ExitCode.BUILD_FAILED : ExitCode.OK;
    }

    private static List<Check> checks(Path root, Io io) throws IOException, InterruptedException {
        Programs programs = new Programs(Optional.ofNullable(io.env("PATH")).orElse(""));
        List<Check> checks = new ArrayList<>();
        StoreChecks store = new StoreChecks(root);
        checks.addAll(store.run());
        checks.addAll(new IsolationChecks(programs, io).run(store));
        checks.addAll(new MachineChecks(programs, io).run());
        return checks;
    }

    static String text(List<Check> checks) {
        Table table = new Table("CHECK", "STATE", "FOUND");
        for (Check check : checks) {
            table.add(check.name(), word(check), check.detail());
        }
        StringBuilder text = new StringBuilder(table.toString());
        boolean first = true;
        for (Check check : checks) {
            if (check.remedy() != null) {
                text.append(first ? "\nTo lift limits:\n" : "");
                text.append("  ")
                        .append(check.name())
                        .append(": ")
                        .append(check.remedy())
                        .append('\n');
                first = false;
            }
        }
        return text.toString();
    }

    private static String word(Check check) {
        return check.verdict().name().toLowerCase(Locale.ROOT);
    }

    static String json(List<Check> checks) {
        return Json.pretty(out -> {
            out.writeStartArray();
            for (Check check : checks) {
                out.writeStartObject();
                out.writeStringField("check", check.name());
                out.writeStringField("state", word(check));
                out.writeStringField("found", check.detail());
                if (check.rung() != null) {
                    out.writeStringField("rung", check.rung());
                }
                if (check.remedy() != null) {
                    out.writeStringField("remedy", check.remedy());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }
}
