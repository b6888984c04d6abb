package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Another tool of this field, which judges what was written here.
record Tool(String program) {
    /// The tool, if this machine has it; else the test is skipped and says why.
    static Tool named(String program) {
        boolean there = Stream.of(
                        System.getenv().getOrDefault("PATH", "/usr/bin").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        Assumptions.assumeTrue(there, () -> program + " is not installed: apt-get install " + program);
        return new Tool(program);
    }

    /// Runs it and gives what it printed; a failure of the tool fails the test with what it said.
    String run(Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s said:%n%s", command, output).isZero();
        return output;
    }
}
