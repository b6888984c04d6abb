package dev.jbuild.solver.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.parser.ignore.IgnoreFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildContextTest {
    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void makeTree() throws Exception {
        root = Files.createDirectory(directory.resolve("context"));
        for (String file : List.of(
                "go.mod", "src/a.go", "src/b.md", "src/sub/c.go", "docs/x.md", "docs/keep.md", "out/deep/er/bin")) {
            Files.createDirectories(Objects.requireNonNull(root.resolve(file).getParent()));
            Files.writeString(root.resolve(file), file);
        }
    }

    private BuildContext open(String ignore) throws Exception {
        return BuildContext.open(root, IgnoreFile.parse(ignore.replace(' ', '\n')), directory.resolve("index"));
    }

    private static String names(Tree tree, Selection selection) throws Exception {
        List<String> names = new ArrayList<>();
        for (Match match : selection.matches(tree)) {
            selection.walk(tree, match, new TreeVisitor() {
                @Override
                public void enter(String name, TreeEntry file, boolean selected) {
                    if (!name.isEmpty()) {
                        names.add(name + "/");
                    }
                }

                @Override
                public void leave(String name, TreeEntry file) {}

                @Override
                public void file(String name, TreeEntry file) {
                    names.add(name);
                }
            });
        }
        return String.join(" ", names);
    }

    @ParameterizedTest(name = ".dockerignore {0}")
    @CsvSource(delimiter = '|', textBlock = """
        ''                 | docs/ docs/keep.md docs/x.md go.mod out/ out/deep/ out/deep/er/ out/deep/er/bin src/ src/a.go src/b.md src/sub/ src/sub/c.go
        docs out           | go.mod src/ src/a.go src/b.md src/sub/ src/sub/c.go
        **/*.md out        | docs/ go.mod src/ src/a.go src/sub/ src/sub/c.go
        docs !docs/keep.md out src | docs/ docs/keep.md go.mod
        * !src             | src/ src/a.go src/b.md src/sub/ src/sub/c.go
        * !out/deep/er     | out/ out/deep/ out/deep/er/ out/deep/er/bin
        * !out/nothing     | ''
        * !**/*.go         | src/ src/a.go src/sub/ src/sub/c.go
        **                 | ''
        """)
    void leavesOutWhatIsIgnored(String ignore, String names) throws Exception {
        assertThat(names(open(ignore), Selection.of("/"))).isEqualTo(names);
    }

    @Test
    void walksOnlyWhatIsSelected() throws Exception {
        BuildContext context = open("");
        // Were it walked now, the walk would not see what comes later.
        assertThat(Selection.of("/go.mod").matches(context)).hasSize(1);
        Files.writeString(root.resolve("src/late.go"), "");
        assertThat(names(context, Selection.of("/src"))).contains("late.go");
    }

    @Test
    void walksADirectoryOnce() throws Exception {
        BuildContext context = open("");
        String before = names(context, Selection.of("/src"));
        Files.writeString(root.resolve("src/late.go"), "");
        assertThat(names(context, Selection.of("/src"))).isEqualTo(before);
        assertThat(context.stat("src/late.go")).isNull();
    }

    @Test
    void belongsToRootAndHasAnOrdinaryTop() throws Exception {
        Files.setPosixFilePermissions(root, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        BuildContext context = open("");
        Stat top = Objects.requireNonNull(context.stat(""));
        Stat file = Objects.requireNonNull(context.stat("go.mod"));
        assertThat(top.permissions()).isEqualTo(0755);
        assertThat(List.of(top.uid(), top.gid(), file.uid(), file.gid())).containsOnly(0);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        /secret.txt  | "/secret.txt" not found in the build context DIR: it is excluded by "secret.txt" in line 1 of .dockerignore
        /src/b.md    | "/src/b.md" not found in the build context DIR: it is excluded by "**/*.md" in line 2 of .dockerignore
        /../src/b.md | "/../src/b.md" not found in the build context DIR: it is excluded by "**/*.md" in line 2 of .dockerignore
        /link        | "/link" not found in the build context DIR: it is excluded by "secret.txt" in line 1 of .dockerignore
        /src/a.og    | "/src/a.og" not found in the build context DIR; did you mean "/src/a.go"?
        /src/secrets | "/src/secrets" not found in the build context DIR
        """)
    void saysWhyAFileIsNotThere(String path, String message) throws Exception {
        Files.writeString(root.resolve("secret.txt"), "");
        Files.createSymbolicLink(root.resolve("link"), Path.of("secret.txt"));
        BuildContext context = open("secret.txt **/*.md");
        assertThatThrownBy(() -> Selection.of(path).matches(context))
                .isInstanceOf(SourceNotFoundException.class)
                .hasMessage(message.replace("DIR", root.toString()));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "../../../etc,   etc",
        "/etc/passwd,    etc/passwd",
        "/proc/self/root/etc, ",
        "../context/go.mod, ",
    })
    void linksDoNotLeadOut(String target, String found) throws Exception {
        Files.createDirectory(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), "inner");
        Files.createSymbolicLink(root.resolve("link"), Path.of(target));
        TreeEntry entry = open("").resolve("/link", true);
        assertThat(entry == null ? null : entry.name()).isEqualTo(found);
    }

    @Test
    void endlessLinksEnd() throws Exception {
        Files.createSymbolicLink(root.resolve("link"), Path.of("link"));
        assertThatThrownBy(() -> open("").resolve("link", true)).hasMessageContaining("too many symbolic links");
    }

    @Test
    void mustBeADirectory() {
        assertThatThrownBy(() -> BuildContext.open(root.resolve("none"), IgnoreFile.parse(""), directory.resolve("i")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(
                        () -> BuildContext.open(root.resolve("go.mod"), IgnoreFile.parse(""), directory.resolve("i")))
                .isInstanceOf(NotDirectoryException.class);
    }
}
