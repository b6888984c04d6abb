package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The rows of `testdata/copies/rows.txt`, all in one Dockerfile, built by jbuild and by buildah: the same files with
/// the same types, permissions, owners, links, times and content. Where buildah is known to differ from BuildKit, the
/// row says why, and fails once that is no longer so.
@Timeout(300)
class CopyConformanceIT {
    private static final Path DATA = Path.of(System.getProperty("jbuild.testdata"), "copies");

    /// One line a file: type, permissions, owner, number of links, target, then for files the time and the content's
    /// digest. The times of directories are those of the build where neither tool has another.
    private static final String LIST = """
            cd "$1/rows"
            find . -mindepth 1 \\( -type d -printf '%P/ %m %U:%G\\n' -o -type l -printf '%P -> %l %U:%G\\n' \\
              -o -type f -printf '%P %m %U:%G %n %Ts\\n' -o -printf '%P %y %m %U:%G\\n' \\)
            find . -type f -print0 | xargs -0 sha256sum | sed 's,^\\(.\\{12\\}\\)[^ ]* .\\./\\(.*\\),\\2 \\1,'
            """;

    private record Row(String name, List<String> instructions, String reason) {}

    @TempDir
    static Path directory;

    private static Map<String, String> ours = Map.of();
    private static Map<String, String> theirs = Map.of();

    private static Stream<Row> rows() throws IOException {
        return Files.readAllLines(DATA.resolve("rows.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> {
                    String[] columns = line.split(" \\| ", 3);
                    return new Row(columns[0], List.of(columns[1].split("; ")), columns.length > 2 ? columns[2] : "");
                });
    }

    static Stream<Arguments> namedRows() throws IOException {
        return rows().map(row -> arguments(row.name(), row));
    }

    private static String dockerfile() throws IOException {
        StringBuilder text = new StringBuilder("""
                FROM scratch AS made
                COPY --chown=5:6 tree /src
                COPY tree /top
                COPY plain.tar /ign/deep.md
                ADD plain.tar /unpacked
                FROM scratch
                COPY etc /etc
                """);
        rows().forEach(row -> row.instructions()
                .forEach(instruction -> text.append(instruction.replace("@", "/rows/" + row.name()))
                        .append('\n')));
        return text.toString();
    }

    @BeforeAll
    static void build() throws Exception {
        assumeTrue(Shell.has("buildah"), "buildah is not here: run testdata/prepare");
        try (Jbuild jbuild = Jbuild.in(directory)) {
            Path context = Jbuild.context(directory.resolve("context"), dockerfile());
            Shell.run("cd \"$1\" && sh -eu \"$2\"", context, DATA.resolve("context.sh"));
            jbuild.build(context, List.of("-o", "type=tar,dest=../ours.tar"));
            Shell.run(
                    "mkdir \"$1\"/ours && tar -C \"$1\"/ours --numeric-owner -xpf \"$1\"/ours.tar && mkdir \"$1\"/theirs",
                    directory);
            ours = byRow(Shell.run(LIST, directory.resolve("ours")));
            theirs = byRow(Shell.run("""
                    buildah="buildah --root $1/root --runroot $1/run --storage-driver vfs"
                    $buildah bud -q --isolation chroot -t localhost/copies "$1/context" > "$1/log"
                    container=$($buildah from localhost/copies)
                    set -- "$($buildah mount "$container")"
                    """ + LIST, directory));
            Shell.run("rm -rf \"$1\"/root \"$1\"/ours", directory);
        }
    }

    /// The lines of each row, sorted.
    private static Map<String, String> byRow(String listing) {
        Map<String, String> rows = new HashMap<>();
        listing.lines()
                .sorted()
                .forEach(line -> rows.merge(line.replaceFirst("[/ ].*", ""), line, (a, b) -> a + "\n" + b));
        return rows;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("namedRows")
    void agreesWithBuildah(String name, Row row) {
        String one = ours.getOrDefault(name, "nothing");
        String other = theirs.getOrDefault(name, "nothing");
        if (row.reason().isEmpty()) {
            assertThat(one).as("%s", row.instructions()).isEqualTo(other);
        } else {
            assertThat(one).as("buildah no longer differs: %s", row.reason()).isNotEqualTo(other);
        }
    }
}
