package dev.jbuild.layerstore.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.fake.HostileTar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What a layer says, without unpacking it.
class LayerReaderTest {
    private static List<LayerEntry> read(HostileTar tar) throws IOException {
        List<LayerEntry> entries = new ArrayList<>();
        LayerReader.read(new ByteArrayInputStream(tar.bytes()), entries::add);
        return entries;
    }

    private static HostileTar tar() {
        return new HostileTar(7);
    }

    static Stream<Arguments> entries() {
        return Stream.of(
                arguments(tar().file("etc/passwd", "root\n"), "FILE etc/passwd 5 0644 7:7 "),
                arguments(tar().file("./a//b/./c", ""), "FILE a/b/c 0 0644 7:7 "),
                arguments(tar().directory("etc/"), "DIRECTORY etc 0 0755 7:7 "),
                arguments(tar().directory("./"), "DIRECTORY  0 0755 7:7 "),
                arguments(tar().symbolicLink("sh", "../busybox"), "SYMBOLIC_LINK sh 0 0777 7:7 ../busybox"),
                arguments(tar().hardLink("b", "./a"), "HARD_LINK b 0 0644 7:7 /a"),
                arguments(tar().device("dev/null", '3', 1, 3), "CHARACTER_DEVICE dev/null 0 0644 7:7 "),
                arguments(tar().device("dev/sda", '4', 8, 0), "BLOCK_DEVICE dev/sda 0 0644 7:7 "),
                arguments(tar().entry("p", '6', "", 0600, new byte[0]), "FIFO p 0 0600 7:7 "),
                arguments(tar().file("a/.wh.b", ""), "WHITEOUT a/b 0 0000 0:0 "),
                arguments(tar().file("a/.wh..wh..opq", ""), "OPAQUE_WHITEOUT a 0 0000 0:0 "),
                arguments(tar().entry("su", '0', "", 04755, new byte[3]), "FILE su 3 4755 7:7 "));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("entries")
    void tellsOfEachEntry(HostileTar tar, String expected) throws IOException {
        assertThat(read(tar))
                .singleElement()
                .satisfies(entry -> assertThat("%s %s %d %04o %d:%d %s"
                                .formatted(
                                        entry.kind(),
                                        entry.path(),
                                        entry.size(),
                                        entry.mode(),
                                        entry.uid(),
                                        entry.gid(),
                                        entry.link()))
                        .isEqualTo(expected));
    }

    @Test
    void knowsWhichContentIsTheSame() throws IOException {
        List<LayerEntry> entries =
                read(tar().file("a", "same").file("b", "same").file("c", "other"));
        assertThat(entries.get(0).content()).isEqualTo(entries.get(1).content());
        assertThat(entries.get(2).content())
                .isNotNull()
                .isNotEqualTo(entries.get(0).content());
    }

    @Test
    void namesThatDifferStayDifferent() throws IOException {
        List<LayerEntry> entries = read(tar().pax("path=a\u00ff")
                .file("x", "")
                .pax("path=a\u00fe")
                .file("x", "")
                .file("größe", ""));
        assertThat(entries).extracting(LayerEntry::path).containsExactly("a\udcff", "a\udcfe", "größe");
    }

    @Test
    void leavesOutWhatStorageDriversKeepForThemselves() throws IOException {
        assertThat(read(tar().directory(".wh..wh.plnk").file(".wh..wh.aufs", "")))
                .isEmpty();
    }

    @Test
    void tellsOfExtendedAttributes() throws IOException {
        assertThat(read(tar().pax("SCHILY.xattr.security.capability=x").file("ping", "")))
                .singleElement()
                .extracting(LayerEntry::attributes)
                .isEqualTo(List.of("security.capability"));
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                arguments("leads upwards", tar().file("../a", "")),
                arguments("leads upwards by a whiteout", tar().file("a/.wh...", "")),
                arguments("ends early", tar().raw(new HostileTar(0).header("a", '0', "", 0644, 1 << 20))),
                arguments(
                        "has a size that cannot be",
                        tar().pax("size=99999999999999999999").file("a", "")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nonsense")
    void refuses(String name, HostileTar tar) {
        assertThatThrownBy(() -> read(tar))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT));
    }
}
