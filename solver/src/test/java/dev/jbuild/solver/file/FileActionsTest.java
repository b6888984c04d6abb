package dev.jbuild.solver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.solver.context.BadPatternException;
import dev.jbuild.solver.context.SourceNotFoundException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where COPY puts what, and with which permissions. What there is before and after is a [Sketch].
class FileActionsTest {
    @TempDir
    Path directory;

    @ParameterizedTest(name = "COPY {1} | from {0} | to {2}")
    @CsvSource(delimiter = '|', textBlock = """
        # a file goes into a directory, or becomes the destination
        a 644 x             | /a /d/              |                    | d/ 755; d/a 644 x
        a 644 x             | /a /d               |                    | d 644 x
        a 644 x             | /a /d               | d/ 700             | d/ 700; d/a 644 x
        a 644 x             | /a /p/q/r           |                    | p/ 755; p/q/ 755; p/q/r 644 x
        a 644 x             | /a /p/q/r/          |                    | p/ 755; p/q/ 755; p/q/r/ 755; p/q/r/a 644 x
        a 644 x             | /a /                |                    | a 644 x
        s/a 644 x           | /s/a /              |                    | a 644 x
        s/a 644 x           | /s/../s/./a /b      |                    | b 644 x
        a 644 x             | /../../a /b         |                    | b 644 x
        # what is there is replaced, not written through
        a 644 x             | /a /b               | b 600 old          | b 644 x
        a 644 x             | /a /d/              | d/a 600 old        | d/ 755; d/a 644 x
        a 644 x             | /a /d/              | d/a -> ../t; t old | d/ 755; d/a 644 x; t 644 old
        a 644 x             | /a /b               | b 644 old; c = b   | b 644 x; c 644 old
        # a link that is the destination is followed, inside the tree
        a 644 x             | /a /l               | l -> d; d/         | l -> d; d/ 755; d/a 644 x
        a 644 x             | /a /l/              | l -> /d; d/        | l -> /d; d/ 755; d/a 644 x
        a 644 x             | /a /l               | l -> t; t old      | l -> t; t 644 x
        a 644 x             | /a /l               | l -> /n/t          | l -> /n/t; n/ 755; n/t 644 x
        a 644 x             | /a /l/b             | l -> ../../..      | l -> ../../..; b 644 x
        a 644 x             | /a /u/l/b           | u/l -> ../d; d/    | u/ 755; u/l -> ../d; d/ 755; d/b 644 x
        # a directory: its contents
        s/ 750; s/a 640 x   | /s /d               |                    | d/ 755; d/a 640 x
        s/ 750; s/a 640 x   | /s/ /d/             |                    | d/ 755; d/a 640 x
        s/ 750; s/a 640 x   | /s /d               | d/ 700; d/b 600 y  | d/ 700; d/a 640 x; d/b 600 y
        s/ 750; s/b/ 711    | /s /d               | d/ 700; d/b/ 755   | d/ 700; d/b/ 711
        s/ 750; s/b/ 711    | /s /p/d             |                    | p/ 755; p/d/ 755; p/d/b/ 711
        s/b/c/a 600 x       | /s /                | b/ 700             | b/ 755; b/c/ 755; b/c/a 600 x
        s/ 700; s/a x       | /s /l               | l -> d; d/ 711     | l -> d; d/ 711; d/a 644 x
        # special permissions
        a 4755 x            | /a /b               |                    | b 4755 x
        s/b/ 2775; s/a 6711 x | /s /d             |                    | d/ 755; d/b/ 2775; d/a 6711 x
        s/b/ 1777           | /s /d               |                    | d/ 755; d/b/ 1777
        # links: a source that is one is followed, those in a directory are copied
        l -> t; t 600 x     | /l /b               |                    | b 600 x
        l -> t; t 600 x     | /l /d/              |                    | d/ 755; d/l 600 x
        l -> s; s/a x       | /l /d               |                    | d/ 755; d/a 644 x
        s/l -> t; t x       | /s /d               |                    | d/ 755; d/l -> t
        s/l -> /etc/passwd  | /s /d               |                    | d/ 755; d/l -> /etc/passwd
        s/l -> /../../t; t x | /s/l /b            |                    | b 644 x
        # hard links, fifos
        s/a x; s/b = s/a    | /s /d               |                    | d/ 755; d/a 644 x; d/b 644 x
        s/f p 620           | /s /d               |                    | d/ 755; d/f p 620
        # wildcards
        a.go x; b.go y; c z | /*.go /d/           |                    | d/ 755; d/a.go 644 x; d/b.go 644 y
        a.go x; b.go y      | /*.go /d            |                    | d 644 y
        s/a.go x; s/b/c.go y | /s/*.go /d/        |                    | d/ 755; d/a.go 644 x
        s/a/x.go x; s/b/x.go y | /s/*/x.go /d/    |                    | d/ 755; d/x.go 644 y
        s/a/1 x; s/b/2 y    | /s/* /d/            |                    | d/ 755; d/1 644 x; d/2 644 y
        s/a x               | /s/a? /d/           |                    |
        s/[x] x; s/x y      | /s/[[]x] /d/        |                    | d/ 755; d/[x] 644 x
        s/a1 x; s/a2 y      | /s/a[^1] /d/        |                    | d/ 755; d/a2 644 y
        s/a* x; s/ab y      | /s/a\\* /d/         |                    | d/ 755; d/a* 644 x
        s/.h x              | /s/* /d/            |                    | d/ 755; d/.h 644 x
        s/a\\b x             | /s/a\\b /d            |                    | d 644 x
        s/a[1] x; s/a1 y    | /s/a\\[1\\] /d        |                    | d 644 x
        s/x/1 x; s/x/y/1 y  | /s/*/1 /d           |                    | d 644 x
        s/a/a x             | /s/a* /d/           |                    | d/ 755; d/a 644 x
        s/b/f y; s/a/f x; s/c/f z | /s/[a-c] /d/  |                    | d/ 755; d/f 644 z
        s/a/b/c x           | /s/**/c /d/         |                    |
        s/b/c x             | /s/**/c /d/         |                    | d/ 755; d/c 644 x
        t/f x; s/l -> ../t  | /s/l* /d/           |                    | d/ 755; d/f 644 x
        l -> s; s/b/f x     | /l/*/f /d           |                    | d 644 x
        # --exclude
        s/a x; s/b.md y     | --exclude=*.md /s /d          | | d/ 755; d/a 644 x
        s/a x; s/e/b.md y   | --exclude=*.md /s /d          | | d/ 755; d/a 644 x; d/e/ 755; d/e/b.md 644 y
        s/a x; s/e/b.md y   | --exclude=**/*.md /s /d       | | d/ 755; d/a 644 x; d/e/ 755
        s/e/a x; s/e/b y    | --exclude=e --exclude=!e/b /s /d | | d/ 755; d/e/ 755; d/e/b 644 y
        s/e/a x; s/f y      | --exclude=e --exclude=!e/b /s /d | | d/ 755; d/f 644 y
        a.go x; b.md y      | --exclude=*.md /* /d/         | | d/ 755; d/a.go 644 x
        s/e/a x             | --exclude=* /s /d             | | d/ 755
        s1/a x; s2/b y      | --exclude=* /s* /d            | | d/ 755
        s/a x; s/b y        | --exclude=s --exclude=s/a /s /d | | d/ 755; d/a 644 x; d/b 644 y
        s/a x; s/b/a y; s/b/c z | --exclude=**/a /s /d      | | d/ 755; d/b/ 755; d/b/c 644 z
        s/a x; s/b/a y; s/b/c z | --exclude=** --exclude=!b/c /s /d | | d/ 755; d/b/ 755; d/b/c 644 z
        s/b/a x; s/b/e/c y  | --exclude=b --exclude=!b/e /s /d | | d/ 755; d/b/ 755; d/b/e/ 755; d/b/e/c 644 y
        s/b/ 700; s/b/c y   | --exclude=b --exclude=!b/c /s /d | d/ 711; d/b/ 750 | d/ 711; d/b/ 750; d/b/c 644 y
        s/a x; s/l -> a     | --exclude=a /s /d             | | d/ 755; d/l -> a
        s/a.go x; t/b.go y; t/c.c z | --exclude=*.go /[st] /d | | d/ 755; d/c.c 644 z
        s/b/a.c x; s/b/t.c y; s/b/d/t.c z | --parents --exclude=**/t.c /s/b /d/ | | d/ 755; d/s/ 755; d/s/b/ 755; d/s/b/a.c 644 x; d/s/b/d/ 755
        s/b/a.c x; s/b/t.c y | --parents --exclude=b/t.c /s/./b /d/ | | d/ 755; d/b/ 755; d/b/a.c 644 x
        s/b/a.c x; s/e/t.c y | --parents --exclude=**/t* /s/*/*.c /d/ | | d/ 755; d/s/ 755; d/s/b/ 755; d/s/b/a.c 644 x
        # --parents
        s/b/a x             | --parents /s/b/a /d/          | | d/ 755; d/s/ 755; d/s/b/ 755; d/s/b/a 644 x
        s/ 700; s/b/ 711; s/b/a x | --parents /s/b/a /d     | | d/ 755; d/s/ 700; d/s/b/ 711; d/s/b/a 644 x
        s/b/a x             | --parents /s/./b/a /d/        | | d/ 755; d/b/ 755; d/b/a 644 x
        s/b/a.c x; s/e/a.h y | --parents /s/*/*.c /d/       | | d/ 755; d/s/ 755; d/s/b/ 755; d/s/b/a.c 644 x
        s/b/e/a.c x; s/a.c y | --parents /./s/**/*.c /d/    | | d/ 755; d/s/ 755; d/s/a.c 644 y; d/s/b/ 755; d/s/b/e/ 755; d/s/b/e/a.c 644 x
        s/b/a x; s/c y      | --parents /s/b /d/            | | d/ 755; d/s/ 755; d/s/b/ 755; d/s/b/a 644 x
        s/ 700; s/a x       | --parents /s/a /d/            | d/ 711; d/s/ 750 | d/ 711; d/s/ 750; d/s/a 644 x
        s/b/a x; s/c y      | --parents /s/./ /d/           | | d/ 755; d/b/ 755; d/b/a 644 x; d/c 644 y
        s/b/a x; c y        | --parents /. /d/              | | d/ 755; d/c 644 y; d/s/ 755; d/s/b/ 755; d/s/b/a 644 x
        t/a/b/c/x 1; t/a/b2/c/y 2 | --parents /t/a/./*/c /o/ | | o/ 755; o/b/ 755; o/b/c/ 755; o/b/c/x 644 1; o/b2/ 755; o/b2/c/ 755; o/b2/c/y 644 2
        t/a/b/c/e/x 1; t/a/b2/c/d/e/y 2 | --parents /t/a/b*/./c/**/e /o/ | | o/ 755; o/c/ 755; o/c/e/ 755; o/c/e/x 644 1; o/c/d/ 755; o/c/d/e/ 755; o/c/d/e/y 644 2
        t/a/b/c/x 1         | --parents /t/a/./b/./c /o/    | | o/ 755; o/b/ 755; o/b/c/ 755; o/b/c/x 644 1
        t/a x               | --parents /t/b* /o/           | | o/ 755
        t/a x               | --parents /t/nothing*/a /o/   | | o/ 755
        t/a x; l -> t       | --parents /l/./a /o/          | | o/ 755; o/a 644 x
        t/l -> a; t/a x     | --parents /t/l /o/            | | o/ 755; o/t/ 755; o/t/l -> a
        s/b/a x             | --parents /s/b/a /d/          | d/s/b/a 600 old | d/ 755; d/s/ 755; d/s/b/ 755; d/s/b/a 644 x
        # --chmod
        a 600 x             | --chmod=755 /a /b             | | b 755 x
        a 600 x             | --chmod=755 /a /p/b           | | p/ 755; p/b 755 x
        a 600 x             | --chmod=750 /a /p/b           | | p/ 750; p/b 750 x
        s/ 700; s/e/ 700; s/a 600 x | --chmod=u=rwX,go=rX /s /d | | d/ 755; d/a 644 x; d/e/ 755
        s/ 700; s/a 700 x   | --chmod=640 /s /d             | | d/ 640; d/a 640 x
        s/ 700; s/a 600 x   | --chmod=755 /s /d             | d/ 711 | d/ 711; d/a 755 x
        s/l -> t            | --chmod=600 /s /d             | | d/ 600; d/l -> t
        s/ 700; s/a 755 x   | --chmod=go-rwx /s /p/d        | | p/ 755; p/d/ 755; p/d/a 700 x
        s/a 644 x; s/b 755 y; s/e/ 700 | --chmod=a+X /s /d | | d/ 755; d/a 644 x; d/b 755 y; d/e/ 711
        s/a 644 x; s/e/ 711 | --chmod=g=u /s /d             | | d/ 755; d/a 664 x; d/e/ 771
        a 644 x             | --chmod=4755 /a /b            | | b 4755 x
        s/e/ 700; s/f p 600 | --chmod=1750 /s /d            | d/ 711 | d/ 711; d/e/ 1750; d/f p 1750
        s/b/a x             | --parents --chmod=711 /s/b/a /d/ | | d/ 711; d/s/ 711; d/s/b/ 711; d/s/b/a 711 x
        """)
    void copies(String before, String instruction, String there, String after) throws Exception {
        Path from = Sketch.make(directory.resolve("from"), before);
        Path root = Sketch.make(directory.resolve("root"), there == null ? "" : there);
        Copying.of(instruction).run(from, root);
        assertThat(Sketch.of(root)).isEqualTo(sorted(after));
    }

    private static String sorted(String sketch) {
        return sketch == null
                ? ""
                : String.join(
                        "\n",
                        sketch.lines()
                                .flatMap(line -> Stream.of(line.split(";")))
                                .map(String::strip)
                                .sorted()
                                .toList());
    }

    @ParameterizedTest(name = "COPY {1} | from {0} | to {2}")
    @CsvSource(delimiter = '|', textBlock = """
        a x     | /a /d     | d/b/; d/a/       | cannot replace to directory /d/a with file
        s/a x   | /s /d     | d/a/             | cannot replace to directory /d/a with file
        s/a x   | /s /d     | d x              | cannot copy to non-directory: /d
        s/a x   | --parents /s/a /d | d/s x    | cannot copy to non-directory: /d/s
        s/a x   | --parents /s/a /d | d/s -> ../t; t/ | cannot copy to non-directory: /d/s
        s/a/    | /s /d     | d/a x            | cannot copy to non-directory: /d/a
        s/a/    | /s /d     | d/a -> ../e; e/  | cannot copy to non-directory: /d/a
        a x     | /a /d/    | d x              | cannot copy to non-directory: /d
        a x     | /a /d/b   | d x              | cannot copy to non-directory: /d
        a x     | --chmod=9 /a /d | ''         | invalid --chmod "9": it should be octal string and between 0 and 07777
        a x     | --chown=bin /a /d | etc/passwd root:x:0:0:: | unable to find user "bin": /etc/passwd of the tree that is written to has no such entry; add the user before this instruction, or give its number
        a x     | --chown=0:bin /a /d | etc/passwd root:x:0:0:: | unable to find group "bin": the tree that is written to has no /etc/group; add the group before this instruction, or give its number
        a x     | --chown=nobody /a /d | ''    | unable to find user "nobody": the tree that is written to has no /etc/passwd; add the user before this instruction, or give its number
        """)
    void refuses(String before, String instruction, String there, String message) {
        Path from = Sketch.make(directory.resolve("from"), before);
        Path root = Sketch.make(directory.resolve("root"), there);
        assertThatThrownBy(() -> Copying.of(instruction).run(from, root))
                .isInstanceOf(FileActionException.class)
                .hasMessage(message);
    }

    @ParameterizedTest(name = "COPY {0}")
    @CsvSource(delimiter = '|', textBlock = """
        /a[b /d               | bad pattern "/a[b": `[` is not closed
        --parents /s/[ /d     | bad pattern "/s/[": `[` is not closed
        --exclude=a[ /s /d    | --exclude: bad pattern `a[`: `[` is not closed
        --exclude=! /s /d     | --exclude: illegal exclusion pattern: "!"
        """)
    void saysWhatIsNoPattern(String instruction, String message) {
        Path from = Sketch.make(directory.resolve("from"), "s/a x");
        Path root = Sketch.make(directory.resolve("root"), "");
        assertThatThrownBy(() -> Copying.of(instruction).run(from, root))
                .isInstanceOf(BadPatternException.class)
                .hasMessage(message);
    }

    @ParameterizedTest(name = "COPY {1} | from {0}")
    @CsvSource(delimiter = '|', textBlock = """
        go.mod x      | /go.mood /d      | "/go.mood" not found in the source; did you mean "/go.mod"?
        a x           | /b /d            | "/b" not found in the source
        src/main.go x | /src/mian.go /d  | "/src/mian.go" not found in the source; did you mean "/src/main.go"?
        src/main.go x | /scr/main.go /d  | "/scr/main.go" not found in the source; did you mean "/src"?
        a x           | /a/b /d          | "/a/b" not found in the source: "/a" is not a directory
        l -> t        | /l /d            | "/l" not found in the source: "/l" is a symbolic link to "t", which is not there
        t/a x; l -> t | --parents /l/a /d | "/l/a" not found in the source: "/l" is a symbolic link, which --parents does not follow
        t/b/a x; t/l -> b | --parents /t/./l/a /d | "/t/l/a" not found in the source: "/t/l" is a symbolic link, which --parents does not follow
        t x           | --parents /t/./ /d | "/t" not found in the source: "/t" is not a directory
        t/src x       | --parents /t/./scr /d | "/t/scr" not found in the source; did you mean "/t/src"?
        src/a x       | --parents /srcs/a /d | "/srcs/a" not found in the source; did you mean "/src"?
        """)
    void saysWhatIsMissing(String before, String instruction, String message) {
        Path from = Sketch.make(directory.resolve("from"), before);
        Path root = Sketch.make(directory.resolve("root"), "");
        assertThatThrownBy(() -> Copying.of(instruction).run(from, root))
                .isInstanceOf(SourceNotFoundException.class)
                .hasMessage(message);
        assertThat(Sketch.of(root)).isEmpty();
    }
}
