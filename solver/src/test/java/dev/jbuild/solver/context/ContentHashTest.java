package dev.jbuild.solver.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.parser.ignore.IgnoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is part of a content hash, and what is not.
class ContentHashTest {
    private static final String TREE = """
            mkdir -p src/sub node_modules
            echo module > go.mod; echo main > src/main.go; echo readme > src/README.md; echo deep > src/sub/deep.go
            echo x > node_modules/x; echo x > src/x.sh; chmod 755 src/x.sh; ln -s main.go src/link; ln -s src linked
            """;

    @TempDir
    Path directory;

    private Path tree(String name, String change) throws Exception {
        Path tree = Files.createDirectory(directory.resolve(name));
        Process process = new ProcessBuilder("sh", "-ec", "umask 022\n" + TREE + change)
                .directory(tree.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        return tree;
    }

    private static Selection wildcard(String path, String... excludes) {
        return new Selection(path, true, true, false, "/", List.of(excludes), true, true);
    }

    private static Selection selection(String text) {
        String[] words = text.split(" ");
        boolean keepMode = !text.contains("--chmod");
        List<String> excludes =
                words.length > 1 && words[1].startsWith("!") ? List.of(words[1].substring(1)) : List.of();
        boolean pattern = words[0].contains("*");
        boolean parents = text.contains("--parents");
        return new Selection(words[0], pattern, pattern, parents, "/", excludes, true, keepMode);
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource(delimiter = '|', textBlock = """
        # content, names, types, permissions, link targets below what is selected
        /src            | echo other > src/main.go           | changed
        /src            | mv src/main.go src/main2.go        | changed
        /src            | chmod 600 src/main.go              | changed
        /src            | chmod u+s src/x.sh                 | changed
        /src            | chmod 700 src                      | changed
        /src            | ln -sf README.md src/link          | changed
        /src            | rm src/link; cp src/main.go src/link | changed
        /src            | mkdir src/empty                    | changed
        /src            | rm src/sub/deep.go                 | changed
        /src            | mkfifo src/fifo                    | changed
        # times, and anything elsewhere
        /src            | touch -d 2001-01-01 src/main.go src | same
        /src            | cp src/main.go m; mv m src/main.go | same
        /src            | echo other > go.mod                | same
        /src            | echo more > node_modules/y         | same
        /go.mod         | chmod 700 .                        | same
        /               | chmod 700 .                        | changed
        # a file by its name: the name is the action's business
        /go.mod         | echo other > go.mod                | changed
        /go.mod         | chmod 755 go.mod                   | changed
        # links at the top are followed, those below are not
        /linked         | echo other > src/main.go           | changed
        /linked         | rm linked; cp -a src linked        | same
        /src/link       | echo other > src/main.go           | changed
        /src/link       | rm src/link; ln -s sub/../main.go src/link | same
        /src/link       | rm src/link; cp src/main.go src/link | same
        # wildcards see what they match, and its names
        /src/*.go       | echo other > src/README.md         | same
        /src/*.go       | echo other > src/sub/deep.go       | same
        /src/*.go       | echo other > src/main.go           | changed
        /src/*.go       | mv src/main.go src/main2.go        | changed
        /src/*.go       | echo new > src/new.go              | changed
        /src/*/*.go     | echo other > src/sub/deep.go       | changed
        /none*          | echo other > src/main.go           | same
        # --exclude, --parents, --chmod
        /src !**/*.md   | echo other > src/README.md         | same
        /src !**/*.md   | rm src/README.md                   | same
        /src !**/*.md   | echo other > src/main.go           | changed
        /src/sub/deep.go --parents | chmod 700 src           | changed
        /src/sub/deep.go --parents | echo other > src/main.go | same
        /src/**/*.go --parents | echo other > src/sub/deep.go | changed
        /src/**/*.go --parents | echo other > src/README.md  | same
        /src --chmod    | chmod -R 700 src                   | same
        /src --chmod    | echo other > src/main.go           | changed
        """)
    void seesWhatMatters(String selected, String change, String expected) throws Exception {
        Selection selection = selection(selected);
        Digest before = ContentHash.of(new RootTree(tree("before", "")), List.of(selection));
        Digest after = ContentHash.of(new RootTree(tree("after", change)), List.of(selection));
        assertThat(after.equals(before) ? "same" : "changed").isEqualTo(expected);
    }

    @Test
    void literalFilesOfEqualContentAreEqual() throws Exception {
        Path tree = tree("tree", "cp go.mod other");
        assertThat(ContentHash.of(new RootTree(tree), List.of(Selection.of("/go.mod"))))
                .isEqualTo(ContentHash.of(new RootTree(tree), List.of(Selection.of("/other"))));
        assertThat(ContentHash.of(new RootTree(tree), List.of(wildcard("/go*"))))
                .isNotEqualTo(ContentHash.of(new RootTree(tree), List.of(wildcard("/oth*"))));
    }

    @Test
    void severalSelectionsAreNotOne() throws Exception {
        RootTree tree = new RootTree(tree("tree", ""));
        Selection go = Selection.of("/go.mod");
        Selection main = Selection.of("/src/main.go");
        Digest both = ContentHash.of(tree, List.of(go, main));
        assertThat(both)
                .isNotEqualTo(ContentHash.of(tree, List.of(main, go)))
                .isNotEqualTo(ContentHash.of(tree, List.of(go)))
                .isEqualTo(ContentHash.of(tree, List.of(go, main)));
    }

    @Test
    void extendedAttributesMatterInRootTreesOnly() throws Exception {
        Path tree = tree("tree", "");
        Path index = directory.resolve("index");
        List<Selection> src = List.of(Selection.of("/src"));
        Digest root = ContentHash.of(new RootTree(tree), src);
        Digest context = ContentHash.of(BuildContext.open(tree, IgnoreFile.parse(""), index), src);
        try {
            Kernel.setXattr(tree.resolve("src/main.go"), "user.note", new byte[] {1});
        } catch (IOException e) {
            Assumptions.abort("this file system has no user attributes: " + e.getMessage());
        }
        assertThat(ContentHash.of(new RootTree(tree), src)).isNotEqualTo(root);
        assertThat(ContentHash.of(BuildContext.open(tree, IgnoreFile.parse(""), index), src))
                .isEqualTo(context);
    }

    @Test
    void manyFilesAreHashedTheSameOnManyThreads() throws Exception {
        Path tree = tree("tree", "for i in $(seq 1 400); do echo $i > node_modules/f$i; done");
        List<Selection> all = List.of(Selection.of("/"));
        Digest parallel = ContentHash.of(new RootTree(tree), all);
        // The index knows all but one: that one is read alone, on this thread.
        Path index = directory.resolve("index");
        BuildContext first = BuildContext.open(tree, IgnoreFile.parse(""), index);
        Digest context = ContentHash.of(first, List.of(Selection.of("/node_modules")));
        assertThat(ContentHash.of(first, List.of(Selection.of("/node_modules"))))
                .isEqualTo(context);
        assertThat(ContentHash.of(new RootTree(tree), all)).isEqualTo(parallel);
    }
}
