package dev.jbuild.layerstore.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.fake.HostileTar;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Archives that want to write, link or remove outside of where they are unpacked, or that contradict themselves.
class HostileTarTest {
    private static final String ODD = "0178 /.=,-\n\0";
    private static final int SELF = Kernel.effectiveUser();

    @TempDir
    Path temp;

    private Path outside;
    private Path root;

    @BeforeEach
    void make() throws Exception {
        outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("victim"), "unharmed");
        root = Files.createDirectory(temp.resolve("root"));
    }

    private static HostileTar tar() {
        return new HostileTar(SELF);
    }

    private void apply(byte[] tar, ApplyMode mode) throws Exception {
        LayerApplier.apply(new ByteArrayInputStream(tar), root, mode);
    }

    private void assertUnharmed() throws Exception {
        assertThat(outside.resolve("victim")).hasContent("unharmed");
        try (Stream<Path> files = Files.list(outside)) {
            assertThat(files).hasSize(1);
        }
        try (Stream<Path> files = Files.list(temp)) {
            assertThat(files).hasSize(2);
        }
        assertThat(Files.getAttribute(outside.resolve("victim"), "unix:nlink")).isEqualTo(1);
    }

    static Stream<Arguments> escapes() {
        String out = "../outside/victim";
        return Stream.of(
                escape("a file by ..", t -> t.file(out, "x")),
                escape("a file by .. in the middle", t -> t.directory("a/").file("a/../../outside/victim", "x")),
                escape("a file by .. at the end", t -> t.entry("a/..", '5', "", 0777, new byte[0])),
                escape("a directory by ..", t -> t.directory("../outside/new")),
                escape("a link by ..", t -> t.symbolicLink("../outside/new", "x")),
                escape("a PAX name by ..", t -> t.pax("path=" + out).file("x", "x")),
                escape(
                        "a GNU long name by ..",
                        t -> t.entry("L", 'L', "", 0, (out + "\0").getBytes(StandardCharsets.UTF_8))
                                .file("x", "x")),
                escape("a hard link by ..", t -> t.hardLink("x", out)),
                escape("a PAX hard link by ..", t -> t.pax("linkpath=" + out).hardLink("x", "y")),
                escape(
                        "a file through a relative link",
                        t -> t.symbolicLink("l", "../outside").file("l/victim", "x")),
                escape(
                        "a file through an absolute link",
                        t -> t.symbolicLink("l", "OUT").file("l/victim", "x")),
                escape(
                        "a file through a link to /",
                        t -> t.symbolicLink("l", "/").file("lOUT/victim", "x")),
                escape(
                        "a file through two links",
                        t -> t.symbolicLink("a", "..")
                                .symbolicLink("b", "a/outside")
                                .file("b/victim", "x")),
                escape(
                        "a file through a link named /.",
                        t -> t.symbolicLink("/.", "OUT").file("victim", "x")),
                escape("a link over the root", t -> t.symbolicLink(".", "OUT").file("victim", "x")),
                escape(
                        "a directory through a link",
                        t -> t.symbolicLink("l", "OUT").directory("l/new")),
                escape(
                        "a directory in the place of a link",
                        t -> t.symbolicLink("l", "OUT").directory("l").file("l/victim", "x")),
                escape(
                        "a link in the place of a directory",
                        t -> t.directory("d/")
                                .file("d/f", "x")
                                .symbolicLink("d", "OUT")
                                .file("d/victim", "x")),
                escape(
                        "a link in the place of a parent",
                        t -> t.directory("d")
                                .directory("d/e")
                                .file("d/e/f", "x")
                                .symbolicLink("d", "OUT")
                                .file("d/e/victim", "x")
                                .file("d/victim", "x")),
                escape(
                        "a hard link through a link",
                        t -> t.symbolicLink("l", "OUT").hardLink("x", "l/victim")),
                escape(
                        "a hard link to a link, then written",
                        t -> t.symbolicLink("l", "OUT/victim")
                                .hardLink("h", "l")
                                .file("h", "x")),
                escape(
                        "a file over a link",
                        t -> t.symbolicLink("l", "OUT/victim").file("l", "x")),
                escape(
                        "a fifo over a link",
                        t -> t.symbolicLink("l", "OUT/victim").entry("l", '6', "", 0, new byte[0])),
                escape(
                        "a whiteout through a link",
                        t -> t.symbolicLink("l", "OUT").file("l/.wh.victim", "")),
                escape("a whiteout of ..", t -> t.directory("d/").file("d/.wh...", "")),
                escape("a whiteout of .", t -> t.directory("d/").file("d/.wh..", "")),
                escape("a whiteout of nothing", t -> t.file(".wh.", "")),
                escape(
                        "an opaque directory through a link",
                        t -> t.symbolicLink("l", "OUT").file("l/.wh..wh..opq", "")),
                escape("an absolute name", t -> t.file("OUT/victim", "x")),
                escape(
                        "times of a directory that became a link",
                        t -> t.directory("d/").symbolicLink("d", "OUT")));
    }

    private static Arguments escape(String name, UnaryOperator<HostileTar> entries) {
        return arguments(name, entries);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("escapes")
    void nothingOutsideIsTouched(String name, UnaryOperator<HostileTar> entries) throws Exception {
        // OUT stands for an absolute path, which is known only here, and has its length.
        byte[] tar = replaced(entries.apply(tar()).bytes(), outside.toString());
        Object time = Files.getLastModifiedTime(outside);
        for (ApplyMode mode : ApplyMode.values()) {
            try {
                apply(tar, mode);
            } catch (StoreException e) {
                assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT);
            } catch (NeedsParentsException e) {
                assertThat(mode).isEqualTo(ApplyMode.OVERLAY);
            }
            assertUnharmed();
            assertThat(Files.getLastModifiedTime(outside)).isEqualTo(time);
            Kernel.removeTree(root);
            Files.createDirectory(root);
        }
    }

    private static byte[] replaced(byte[] tar, String out) {
        byte[] result = tar.clone();
        for (int at = 0; at + 512 <= tar.length; at += 512) {
            for (int field : new int[] {0, 157}) {
                String text = new String(tar, at + field, 100, StandardCharsets.ISO_8859_1).replaceAll("\0.*", "");
                if (text.contains("OUT")) {
                    byte[] bytes = text.replace("OUT", out).getBytes(StandardCharsets.ISO_8859_1);
                    assertThat(bytes.length).isLessThanOrEqualTo(100);
                    System.arraycopy(bytes, 0, result, at + field, bytes.length);
                    byte[] header = HostileTar.seal(Arrays.copyOfRange(result, at, at + 512));
                    System.arraycopy(header, 0, result, at, 512);
                }
            }
        }
        return result;
    }

    static Stream<Arguments> contradictions() {
        byte[] good = tar().file("f", "content").bytes();
        return Stream.of(
                arguments("a wrong checksum", broken(good, 0, 'g'), "checksum"),
                arguments("an end in a header", Arrays.copyOf(good, 300), "ends in the middle of a header"),
                arguments("an end in a file", Arrays.copyOf(good, 515), "ends in the middle of a file"),
                arguments("letters in a size", sealed("f", h -> h[130] = 'x'), "not a number"),
                arguments("a negative size", sealed("f", h -> Arrays.fill(h, 124, 136, (byte) 0xff)), "no size -1"),
                arguments(
                        "a size beyond all",
                        sealed("f", h -> {
                            Arrays.fill(h, 124, 136, (byte) 0xff);
                            h[124] = (byte) 0x80;
                        }),
                        "too big"),
                arguments("an unknown type", sealed("f", h -> h[156] = 'Z'), "type"),
                arguments(
                        "zeros in the middle",
                        tar().raw(new byte[512]).file("f", "x").bytes(),
                        "block of zeros"),
                arguments("a file over the root", tar().file(".", "x").bytes(), "root"),
                arguments(
                        "a file in a file",
                        tar().file("f", "x").file("f/g", "x").bytes(),
                        "f"),
                arguments(
                        "a hard link to a directory",
                        tar().directory("d/").hardLink("h", "d").bytes(),
                        "/d, which is a directory"),
                arguments(
                        "a long name part",
                        tar().pax("path=" + "n".repeat(300)).file("x", "").bytes(),
                        "too long"),
                arguments(
                        "a name with a zero byte",
                        tar().pax("path=a\0b").file("x", "").bytes(),
                        "zero byte"),
                arguments("a device that removes", tar().device("d", '3', 0, 0).bytes(), "0:0"),
                arguments("a device beyond all", tar().device("d", '3', 4096, 1).bytes(), "4096:1"),
                arguments(
                        "a user beyond all",
                        tar().pax("uid=4294967295").file("x", "").bytes(),
                        "4294967295"),
                arguments(
                        "a time of words",
                        tar().pax("mtime=yesterday").file("x", "").bytes(),
                        "not a time"),
                arguments(
                        "a time of many digits",
                        tar().pax("mtime=" + "9".repeat(100)).file("x", "").bytes(),
                        "not a time"),
                arguments(
                        "a PAX record that is too long",
                        tar().entry("p", 'x', "", 0, ascii("99 a=b\n")).bytes(),
                        "PAX"),
                arguments(
                        "a PAX record without length",
                        tar().entry("p", 'x', "", 0, ascii("a=b\n")).bytes(),
                        "PAX"),
                arguments(
                        "a PAX record without key",
                        tar().entry("p", 'x', "", 0, ascii("5 =b\n")).bytes(),
                        "PAX"),
                arguments(
                        "a giant PAX header",
                        sealed("f", h -> {
                            h[156] = 'x';
                            System.arraycopy(ascii("77777777777"), 0, h, 124, 11);
                        }),
                        "a header has"),
                arguments(
                        "a sparse map beyond the file",
                        tar().pax("GNU.sparse.size=10", "GNU.sparse.map=8,4")
                                .file("x", "1234")
                                .bytes(),
                        "sparse"),
                arguments(
                        "a sparse map that overlaps",
                        tar().pax("GNU.sparse.size=100", "GNU.sparse.map=8,4,10,4")
                                .file("x", "12345678")
                                .bytes(),
                        "sparse"),
                arguments(
                        "a sparse map of odd length",
                        tar().pax("GNU.sparse.size=100", "GNU.sparse.map=8,4,10")
                                .file("x", "1234")
                                .bytes(),
                        "sparse"),
                arguments(
                        "a sparse map with too much",
                        tar().pax("GNU.sparse.size=100", "GNU.sparse.map=8,400")
                                .file("x", "1234")
                                .bytes(),
                        "sparse"),
                arguments(
                        "a sparse map without end",
                        tar().pax("GNU.sparse.major=1", "GNU.sparse.realsize=100")
                                .file("x", "7".repeat(512))
                                .bytes(),
                        "sparse"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contradictions")
    void whatCannotBeIsRefused(String name, byte[] tar, String message) {
        assertThatThrownBy(() -> apply(tar, ApplyMode.LOWEST))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(message);
    }

    @Test
    void everyCutOfAnArchiveIsRefusedOrHarmless() throws Exception {
        byte[] tar = tar().directory("d/")
                .pax("mtime=1.5", "SCHILY.xattr.user.a=b")
                .file("d/f", "x".repeat(700))
                .symbolicLink("d/l", "f")
                .hardLink("d/h", "d/f")
                .file(".wh.gone", "")
                .bytes();
        for (int length = 0; length < tar.length; length += 7) {
            byte[] cut = Arrays.copyOf(tar, length);
            try {
                apply(cut, ApplyMode.LOWEST);
            } catch (StoreException e) {
                assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT);
            }
        }
        assertUnharmed();
    }

    @Test
    void anyDamageGivesATypedErrorOrAnArchive() throws Exception {
        byte[] tar = tar().directory("d/")
                .pax("mtime=1.5", "SCHILY.xattr.user.a=b", "GNU.sparse.map=1,4", "GNU.sparse.size=9")
                .file("d/f", "1234")
                .entry("L", 'L', "", 0, ascii("long/name"))
                .symbolicLink("d/l", "f")
                .hardLink("d/h", "d/f")
                .entry("d/p", '6', "", 0600, new byte[0])
                .file("d/.wh.gone", "")
                .bytes();
        Random random = new Random(11);
        for (int round = 0; round < 1500; round++) {
            byte[] damaged = tar.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(tar.length - 1024);
                damaged[at] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : ODD.charAt(random.nextInt(ODD.length())));
                // A wrong checksum would be the end of it each time; only what was a header has one.
                int block = at & ~511;
                if (tar[block + 257] == 'u') {
                    byte[] header = HostileTar.seal(Arrays.copyOfRange(damaged, block, block + 512));
                    System.arraycopy(header, 0, damaged, block, 512);
                }
            }
            try {
                apply(damaged, ApplyMode.LOWEST);
            } catch (StoreException e) {
                assertThat(e.kind()).isIn(StoreException.Kind.CORRUPT, StoreException.Kind.UNSUPPORTED);
            } catch (IOException e) {
                throw new AssertionError("round " + round, e);
            }
            try (OpenDirectory directory = OpenDirectory.open(root)) {
                for (byte[] name : directory.names()) {
                    directory.removeTree(name);
                }
            }
            assertUnharmed();
        }
    }

    @Test
    void attributesThatBelongToOverlayAreLeftOut() throws Exception {
        apply(
                tar().pax(
                                "SCHILY.xattr.trusted.overlay.redirect=/etc",
                                "SCHILY.xattr.user.overlay.opaque=y",
                                "SCHILY.xattr.security.selinux=x")
                        .directory("d/")
                        .bytes(),
                ApplyMode.OVERLAY);
        assertThat(Kernel.xattrNames(root.resolve("d")))
                .doesNotContain("trusted.overlay.redirect", "user.overlay.opaque", "security.selinux");
    }

    @Test
    void aWhiteoutSparesWhatItsOwnLayerBrings() throws Exception {
        byte[] before = tar().file(".wh.f", "").file("f", "new").bytes();
        byte[] after = tar().file("f", "new").file(".wh.f", "").bytes();
        for (byte[] tar : new byte[][] {before, after}) {
            for (ApplyMode mode : new ApplyMode[] {ApplyMode.OVERLAY, ApplyMode.MERGED}) {
                Files.writeString(root.resolve("f"), "old");
                apply(tar, mode);
                assertThat(root.resolve("f")).hasContent("new");
            }
        }
    }

    @Test
    void oddButHonestArchivesAreRead() throws Exception {
        byte[] tar = tar().entry("V", 'V', "", 0, new byte[0])
                .file("./a/b//c", "implicit")
                .file("/abs", "absolute")
                .entry("old/", '0', "", 0755, new byte[0])
                .entry("null", '\0', "", 0644, ascii("old"))
                .file("twice", "1")
                .file("twice", "2")
                .hardLink("twice", "./twice")
                .directory("a/")
                .unfinished();
        LayerSummary summary = LayerApplier.apply(new ByteArrayInputStream(tar), root, ApplyMode.LOWEST);
        assertThat(root.resolve("a/b/c")).hasContent("implicit");
        assertThat(root.resolve("abs")).hasContent("absolute");
        assertThat(root.resolve("old")).isDirectory();
        assertThat(root.resolve("null")).hasContent("old");
        assertThat(root.resolve("twice")).hasContent("2");
        assertThat(summary.complete()).isFalse();
        assertThat(Files.exists(root.resolve("V"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] broken(byte[] tar, int at, char c) {
        byte[] broken = tar.clone();
        broken[at] = (byte) c;
        return broken;
    }

    private static byte[] sealed(String name, java.util.function.Consumer<byte[]> change) {
        byte[] header = tar().header(name, '0', "", 0644, 0);
        change.accept(header);
        return tar().raw(HostileTar.seal(header)).bytes();
    }
}
