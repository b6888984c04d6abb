package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Golden;
import dev.jbuild.cli.report.Testdata;
import dev.jbuild.cli.report.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The folders of `testdata/calls`, asked what they are instead of being built.
class CallTest {
    @TempDir
    Path directory;

    static Stream<Arguments> questions() {
        return Testdata.cases("calls").stream()
                .flatMap(folder -> Stream.of("check", "outline", "targets")
                        .flatMap(call -> Stream.of("txt", "json")
                                .map(format -> arguments(
                                        folder.getFileName() + " " + call + "." + format, folder, call, format))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("questions")
    void answers(String name, Path folder, String call, String format) throws IOException {
        Path target = folder.resolve("target");
        List<String> args =
                new ArrayList<>(List.of("build", "--call=" + call + (format.equals("json") ? ",format=json" : "")));
        if (call.equals("outline") && Files.exists(target)) {
            args.add("--target=" + Files.readString(target).strip());
        }
        args.add(folder.toString());
        Cli.Result result = unusableStore().run(args.toArray(String[]::new));
        String answer = result.out() + result.err() + "exit " + result.code().code() + "\n";
        Golden.check(
                answer.replace(folder.toAbsolutePath().normalize() + "/", "")
                        .replace(folder + "/", "")
                        .replace(directory + "/", "/")
                        .replaceAll("not found: .* is not a", "not found: is not a"),
                folder.resolve(call + "." + format));
    }

    /// A file is where the store should be.
    private Cli unusableStore() throws IOException {
        Path file = directory.resolve("store");
        Files.writeString(file, "");
        return new Cli(file);
    }

    @Test
    void nothingIsReadThatTheAnswerDoesNotNeed() throws IOException {
        Path context = context("FROM scratch AS one\nCOPY nothing /\n");
        assertThat(unusableStore()
                        .run("build", "--call=targets", context.toString())
                        .out())
                .isEqualTo("TARGET          DESCRIPTION\none (default)\n");
    }

    @Test
    void ignoringTheStatusEndsWell() throws IOException {
        Path context = context("FROM scratch\nMAINTAINER me\n");
        Cli cli = unusableStore();
        assertThat(cli.run("build", "--check", context.toString()).code()).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(cli.run("build", "--call=check,ignorestatus=1", context.toString())
                        .code())
                .isEqualTo(ExitCode.OK);
        assertThat(cli.run("build", "--check", "--build-arg=BUILDKIT_DOCKERFILE_CHECK=skip=all", context.toString())
                        .out())
                .isEqualTo("Check complete, no warnings found.\n");
    }

    private Path context(String dockerfile) throws IOException {
        Path context = Files.createDirectories(directory.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        return context;
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
                    check => check false false
                    lint => check false false
                    Targets => targets false false
                    outline,format=json => outline true false
                    format=json,outline => outline true false
                    check,ignorestatus => check false true
                    check,format=text,ignorestatus=true => check false true
                    check,ignorestatus=0 => check false false
                    format=json => build true false
                    """)
    void isUnderstood(String text, String meant) {
        Call call = Call.parse(text);
        assertThat(call.method().word() + " " + call.json() + " " + call.ignoreStatus())
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
                    chek => unknown method "chek", expected build, check, outline, targets; did you mean `check`?
                    check,outline => it names two methods
                    check,form=json => unknown option "form"; did you mean `format`?
                    check,format=jsn => unknown format "jsn"; did you mean `json`?
                    check,ignorestatus=yes => ignorestatus is true or false
                    """)
    void isMisunderstood(String text, String problem) {
        assertThatThrownBy(() -> Call.parse(text))
                .isInstanceOf(UsageException.class)
                .hasMessage("--call " + text + ": " + problem);
    }

    @Test
    void checkAndAnotherCallExcludeEachOther() throws IOException {
        Cli.Result result = unusableStore().run("build", "--check", "--call=targets", ".");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).isEqualTo("ERROR: --check and --call=targets cannot be used together\n");
    }

    @Test
    void hasAnOldName() throws IOException {
        String folder = Testdata.cases("calls").getFirst().toString();
        assertThat(unusableStore().run("build", "--print=targets", folder))
                .isEqualTo(new Cli(directory.resolve("store")).run("build", "--call=targets", folder));
    }
}
