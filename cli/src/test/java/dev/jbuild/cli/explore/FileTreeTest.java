package dev.jbuild.cli.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.archive.LayerEntry;
import dev.jbuild.layerstore.archive.LayerEntry.Kind;
import dev.jbuild.layerstore.content.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Layers are written as words, and `|` between two of them: `a/b=10` is a file of 10 bytes, `a/` a directory, `a->b` a
/// link, `-a` a whiteout, `-a/*` an opaque one. `a=10!` has another content, `a=10@` another mode.
class FileTreeTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            a file;                                         a=10;                           /a:A1
            its directories need not be there;              x/y/a=10;                       /x:A1 /x/y:A1 /x/y/a:A1
            another content;                                a=10 | a=10!;                   /a:A1,M2
            another mode alone;                             a=10 | a=10@;                   /a:A1,P2
            written once more;                              a=10 | a=10;                    /a:A1,R2
            a directory that is only named again;           d/ d/a=1 | d/ d/b=1;            /d:A1 /d/a:A1 /d/b:A2
            removed;                                        a=10 | -a;                      /a:A1,D2
            removed and made again;                         a=10 | -a | a=10;               /a:A1,D2,A3
            a directory takes everything in it along;       d/x/a=1 d/b=2 | -d;             /d:A1,D2 /d/b:A1,D2 /d/x:A1,D2 /d/x/a:A1,D2
            a whiteout of what is not there;                a=1 | -b -x/y;                  /a:A1
            replaced in one layer, whiteout first;          d/a=1 | -d d/b=1;               /d:A1 /d/a:A1,D2 /d/b:A2
            replaced in one layer, whiteout last;           d/a=1 | d/b=1 -d;               /d:A1 /d/a:A1,D2 /d/b:A2
            a file of the layer stays, whiteout last;       a=1 | a=2 -a;                   /a:A1,M2
            an opaque directory;                            d/a=1 d/b=1 | d/b=2 -d/*;       /d:A1 /d/a:A1,D2 /d/b:A1,M2
            a file where a directory was;                   d/a=1 | d=5;                    /d:A1,M2 /d/a:A1,D2
            a directory where a file was;                   d=5 | d/a=1;                    /d:A1,M2 /d/a:A2
            a link that leads elsewhere;                    l->a | l->b;                    /l:A1,M2
            of two entries in a layer the later counts;     a=1 a=2 | a=2;                  /a:A1,R2
            a file after its own directory, in one layer;   d/a=1 d=1;                      /d:A1
            added and removed in layers between;            a=1 | b=1 | -b;                 /a:A1 /b:A2,D3
            """)
    void overlays(String name, String layers, String expected) {
        List<ExploredFile> files = files(layers);
        List<String> told = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            List<String> changes = files.get(i).changes().stream()
                    .map(change -> "" + change.kind().letter() + (change.layer() + 1))
                    .toList();
            if (!changes.isEmpty()) {
                told.add(path(files, i) + ":" + String.join(",", changes));
            }
        }
        assertThat(String.join(" ", told)).isEqualTo(expected);
    }

    /// The table of docs/commands/explore.md, and more.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', textBlock = """
            f=100;                       0;   1
            f=100 | f=100!;              100; 0.5
            f=100 | f=100@;              100; 0.5
            f=100 | f=300;               100; 0.25
            f=100 | -f;                  100; 0
            f=100 | -f | f=100;          100; 0
            f=100 g=100 | -f;            100; 0.5
            d/f=100 d/g=300 h=400 | -d;  400; 0.5
            f=100 | f/;                  100; 0
            f->g | f->h;                 0;   1
            d/;                          0;   1
            """)
    void wastedBytesAndEfficiency(String layers, long wasted, double efficiency) {
        List<ExploredFile> files = files(layers);
        assertThat(files.stream().mapToLong(ExploredFile::wasted).sum()).isEqualTo(wasted);
        long written = files.stream().mapToLong(ExploredFile::written).sum();
        long smallest = files.stream().mapToLong(ExploredFile::smallest).sum();
        assertThat(written == 0 ? 1 : (double) smallest / written).isEqualTo(efficiency);
    }

    @Test
    void refusesPathsThatNoSystemHas() {
        assertThatThrownBy(() -> files("a/".repeat(3000) + "f=1"))
                .isInstanceOf(StoreException.class)
                .hasMessage("the image has a path of 6001 characters, which is more than jbuild explores");
    }

    @Test
    void pathsAsDeepAsTheyCanBeAreTaken() {
        assertThat(files("a/".repeat(2000) + "f=1 | -a")).hasSize(2002);
    }

    @Test
    void refusesSizesThatAreNotExactInJson() {
        FileTree tree = new FileTree();
        tree.nextLayer();
        assertThatThrownBy(() -> tree.add(file("a", Long.MAX_VALUE / 2, 0644, 1)))
                .hasMessageContaining("files of more than 9007199254740992 bytes");
    }

    private static List<ExploredFile> files(String layers) {
        FileTree tree = new FileTree();
        for (String layer : layers.split("\\|", -1)) {
            tree.nextLayer();
            for (String word : layer.strip().split(" +", -1)) {
                tree.add(entry(word));
            }
        }
        return tree.files();
    }

    private static LayerEntry entry(String word) {
        if (word.endsWith("/*")) {
            return other(Kind.OPAQUE_WHITEOUT, word.substring(1, word.length() - 2), "");
        }
        if (word.startsWith("-")) {
            return other(Kind.WHITEOUT, word.substring(1), "");
        }
        if (word.endsWith("/")) {
            return other(Kind.DIRECTORY, word.substring(0, word.length() - 1), "");
        }
        int arrow = word.indexOf("->");
        if (arrow > 0) {
            return other(Kind.SYMBOLIC_LINK, word.substring(0, arrow), word.substring(arrow + 2));
        }
        int equals = word.indexOf('=');
        String size = word.substring(equals + 1).replaceAll("\\D", "");
        return file(
                word.substring(0, equals),
                Long.parseLong(size),
                word.endsWith("@") ? 0600 : 0644,
                word.endsWith("!") ? 2 : 1);
    }

    private static LayerEntry file(String path, long size, int mode, long content) {
        return new LayerEntry(
                Kind.FILE, path, "", size, mode, 0, 0, List.of(), new LayerEntry.Fingerprint(size, content));
    }

    private static LayerEntry other(Kind kind, String path, String link) {
        return new LayerEntry(kind, path, link, 0, 0755, 0, 0, List.of(), null);
    }

    private static String path(List<ExploredFile> files, int file) {
        String path = "";
        for (int i = file; i > 0; i = files.get(i).parent()) {
            path = "/" + files.get(i).name() + path;
        }
        return path.isEmpty() ? "/" : path;
    }
}
