package dev.jbuild.layerstore.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.fake.Shell;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
    /// Words that repeat, then noise: what compresses well and what does not, across several blocks.
    private static byte[] content(int size) {
        Random random = new Random(7);
        byte[] content = new byte[size];
        random.nextBytes(content);
        for (int i = 0; i < size / 2; i++) {
            content[i] = (byte) ("the quick brown fox ".charAt(i % 20) + (content[i] == 0 ? 1 : 0));
        }
        return content;
    }

    private static byte[] gzip(byte[] content, int level, int threads, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ExecutorService pool = CompressionThreads.of(threads);
                OutputStream gzip = new ParallelGzipOutputStream(out, level, pool)) {
            for (int at = 0; at < content.length; at += piece) {
                gzip.write(content, at, Math.min(piece, content.length - at));
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 511, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20, 5_000_000})
    void anyOtherGzipReadsOurs(int size) throws Exception {
        byte[] content = content(size);
        for (int level : new int[] {-1, 0, 1, 9}) {
            byte[] gzip = gzip(content, level, 2, 100_000);
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
            assertThat(Decompressor.open(new ByteArrayInputStream(gzip)).readAllBytes())
                    .isEqualTo(content);
        }
    }

    @Test
    void theOutputDependsOnTheContentAlone() throws Exception {
        byte[] content = content(7_000_000);
        byte[] one = gzip(content, 6, 1, content.length);
        assertThat(gzip(content, 6, 4, 4096)).isEqualTo(one);
        assertThat(gzip(content, 6, 7, 1_000_001)).isEqualTo(one);
        assertThat(one.length).isLessThan(content.length * 52 / 100);
    }

    @Test
    void zstdDoesNotDependOnHowItIsWritten() throws Exception {
        byte[] content = content(9_000_000);
        byte[] whole = compressed(Compression.ZSTD, content, content.length);
        assertThat(compressed(Compression.ZSTD, content, 1000)).isEqualTo(whole);
    }

    private static byte[] compressed(Compression compression, byte[] content, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream compressor = Compressor.open(out, compression, Compression.DEFAULT_LEVEL)) {
            for (int at = 0; at < content.length; at += piece) {
                compressor.write(content, at, Math.min(piece, content.length - at));
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    // eStargz is made of files, not of a stream of bytes: EstargzTest.
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ESTARGZ")
    void whatWasCompressedComesBack(Compression compression) throws Exception {
        byte[] content = content(2_000_000);
        byte[] compressed = compressed(compression, content, 65536);
        assertThat(Compression.detect(Arrays.copyOf(compressed, 4))).isEqualTo(compression);
        assertThat(Decompressor.open(new ByteArrayInputStream(compressed)).readAllBytes())
                .isEqualTo(content);
    }

    @Test
    void membersAreReadOnAlthoughTheStreamPauses() throws Exception {
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(members)) {
                gzip.write(i);
            }
        }
        members.write(new byte[100]);
        InputStream slow = new FilterInputStream(new ByteArrayInputStream(members.toByteArray())) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return super.read(bytes, offset, Math.min(1, length));
            }

            @Override
            public int available() {
                return 0;
            }
        };
        assertThat(Decompressor.open(slow).readAllBytes()).containsExactly(0, 1, 2);
    }

    static Stream<Arguments> damaged() throws IOException {
        byte[] gzip = gzip(content(100_000), 6, 1, 100_000);
        byte[] zstd = compressed(Compression.ZSTD, content(100_000), 100_000);
        return Stream.of(
                arguments("gzip cut in the header", Arrays.copyOf(gzip, 5)),
                arguments("gzip cut in the middle", Arrays.copyOf(gzip, gzip.length / 2)),
                arguments("gzip cut in the trailer", Arrays.copyOf(gzip, gzip.length - 3)),
                arguments("gzip with a wrong bit", flipped(gzip, gzip.length / 3)),
                arguments("gzip with a wrong checksum", flipped(gzip, gzip.length - 6)),
                arguments("gzip with a wrong size", flipped(gzip, gzip.length - 2)),
                arguments("gzip with another method", flipped(gzip, 2)),
                arguments("gzip with something after it", concat(gzip, new byte[] {1, 2, 3})),
                arguments("zstd cut in the middle", Arrays.copyOf(zstd, zstd.length / 2)),
                arguments("zstd with a wrong bit", flipped(zstd, zstd.length / 3)));
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= 0x10;
        return flipped;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damaged")
    void damageIsNamed(String name, byte[] compressed) {
        assertThatThrownBy(() ->
                        Decompressor.open(new ByteArrayInputStream(compressed)).readAllBytes())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT))
                .hasMessageStartingWith("not valid " + name.substring(0, 4).strip() + " data");
    }

    @Test
    void gzipAndZstdJudgeOurs(@TempDir Path temp) throws Exception {
        byte[] content = content(4_000_000);
        Path file = Files.write(temp.resolve("c.gz"), compressed(Compression.GZIP, content, 10_000));
        assertThat(Shell.run("gzip -t \"$1\"; gzip -dc \"$1\" | wc -c", file).strip())
                .isEqualTo("4000000");
        if (Shell.has("zstd")) {
            Path zstd = Files.write(temp.resolve("c.zst"), compressed(Compression.ZSTD, content, 10_000));
            Shell.run("zstd -qt \"$1\"", zstd);
        }
    }
}
