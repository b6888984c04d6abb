package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.report.Golden;
import dev.jbuild.cli.report.Testdata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every command has a page, and the page shows the help that the command prints.
class CommandDocsTest {
    private static final Pattern HELP = Pattern.compile("(?s)(```text\n)Usage: .*?(```)");
    private static final List<String> WITHOUT_OPTIONS = List.of("version", "help");

    @TempDir
    Path root;

    private static final List<String> OF_TWO_WORDS = List.of("image prune", "imagetools create", "imagetools inspect");

    static List<String> commands() {
        Stream<String> commands = HelpCommand.TEXT
                .lines()
                .filter(line -> line.startsWith("  "))
                .map(line -> line.strip().split(" ", 2)[0])
                .filter(command -> !WITHOUT_OPTIONS.contains(command));
        return Stream.concat(commands, OF_TWO_WORDS.stream()).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void pageShowsTheHelp(String command) throws IOException {
        Path page = Testdata.path("../docs/commands/" + command.replace(' ', '-') + ".md")
                .normalize();
        assertThat(page).isRegularFile();
        String help = new Cli(root).run((command + " --help").split(" ", -1)).out();
        Matcher shown = HELP.matcher(Files.readString(page));
        assertThat(shown.find())
                .as("%s has a block of text with the help", page)
                .isTrue();
        Golden.check(shown.replaceFirst("$1" + Matcher.quoteReplacement(help) + "$2"), page);
    }
}
