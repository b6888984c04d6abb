package dev.jbuild.parser.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Fuzzes each target for a while, two at a time; [FuzzRun] says how long, and `docs/testing.md` how to make it longer.
@Execution(ExecutionMode.CONCURRENT)
class FuzzIT {
    private static final Path TESTDATA =
            Path.of(Objects.requireNonNull(System.getProperty("jbuild.testdata"), "jbuild.testdata"));
    private static final Pattern MOUNT = Pattern.compile("--mount=(\\S+)");

    @Test
    void dockerfiles() throws Exception {
        List<String> dictionary = new ArrayList<>(List.of(
                "FROM scratch\n",
                "ONBUILD ",
                "# escape=`\n",
                "# check=skip=all\n",
                "# syntax=",
                "<<EOF",
                "<<-'EOF'",
                "\nEOF\n",
                "\\\n",
                "\r\n",
                "--mount=type=",
                "--from=",
                "--chown=",
                "--chmod=",
                "--link",
                " AS ",
                "[\"a\", \"b\"]",
                "${x:-y}",
                "$x",
                "\uFEFF",
                "\u00a0",
                "HEALTHCHECK --interval=1s CMD "));
        for (String keyword :
                "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE LABEL MAINTAINER RUN SHELL STOPSIGNAL USER VOLUME WORKDIR"
                        .split(" ")) {
            dictionary.add("\n" + keyword + " ");
        }
        System.out.println(FuzzRun.of(DockerfileFuzz.class, dockerfileTexts(), dictionary));
    }

    @Test
    void words() throws Exception {
        Set<String> seeds = new LinkedHashSet<>();
        for (String file : dockerfileTexts()) {
            for (String word : file.split("\\s+")) {
                if (word.indexOf('$') >= 0) {
                    seeds.add(word + "\0a value\0*a?\0-");
                }
            }
        }
        seeds.addAll(List.of("a\0aXbXc\0*X\0-", "a\0path/to/x.tar.gz\0.*\0", "'a'\"b $v\"\\c${v:+x}\0\0?*?\0y"));
        System.out.println(FuzzRun.of(
                WordFuzz.class,
                seeds,
                List.of("${v:-", "${unset:-", "${v#", "${v%%", "${v/", "${v//", ":?", ":+", "$v", "\0", "<<", "}")));
    }

    @Test
    void ignoreFiles() throws Exception {
        List<String> seeds = new ArrayList<>(List.of(
                "*.md\n!README.md\n\nREADME.md\ndocs/a.md\n",
                "docs\n!docs/keep\n\ndocs/keep/x\ndocs/other\n",
                "**\n!**/*.go\n\na/b/c.go\na/b.c\n",
                "a/**/z\n[a-c]x\n!?x\n\na/b/z\nbx\n",
                "node_modules\n**/target/**\n*/temp*\n!a/b*/c\n\nnode_modules/x\na/target/x\nb/temp1\na/bb/c\n",
                "a\\*b\n**x\na[^b-d\\]]e\n\na*b\nyyx\naxe\n"));
        try (Stream<Path> files = Files.walk(TESTDATA.resolve("cases"))) {
            for (Path file :
                    files.filter(path -> path.endsWith(".dockerignore")).toList()) {
                seeds.add(Files.readString(file) + "\n\nsrc/main\n.git/config\n");
            }
        }
        System.out.println(FuzzRun.of(
                IgnoreFuzz.class,
                seeds,
                List.of("**/", "/**", "**", "\n!", "\n\n", "[a-z]", "[^", "\\", "/../", "./")));
    }

    @Test
    void mounts() throws Exception {
        Set<String> seeds = new LinkedHashSet<>();
        for (String file : dockerfileTexts()) {
            MOUNT.matcher(file).results().forEach(found -> seeds.add(found.group(1)));
        }
        List<String> dictionary = new ArrayList<>();
        for (String key :
                ("type from source src target dst destination readonly ro readwrite rw id sharing required size mode"
                                + " uid gid env")
                        .split(" ")) {
            dictionary.add("," + key + "=");
        }
        dictionary.addAll(List.of("bind", "cache", "tmpfs", "secret", "ssh", "\"\"", ",\"", "\",", "$v", "1.5 GiB"));
        System.out.println(FuzzRun.of(MountFuzz.class, seeds, dictionary));
    }

    /// Every Dockerfile of the test data that a fuzzer could make something of.
    private static List<String> dockerfileTexts() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(TESTDATA)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("Dockerfile"))
                    .sorted()
                    .toList()) {
                byte[] text = Files.readAllBytes(file);
                if (text.length <= 8192) {
                    texts.add(new String(text, StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(texts)
                .as("Dockerfiles in " + Arrays.toString(TESTDATA.toFile().list()))
                .hasSizeGreaterThan(200);
        return texts;
    }
}
