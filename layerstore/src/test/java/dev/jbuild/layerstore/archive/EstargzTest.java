package dev.jbuild.layerstore.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.fake.Shell;
import dev.jbuild.layerstore.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EstargzTest {
    private static final int FOOTER = 51;

    @TempDir
    private Path dir;

    /// A tar that GNU tar makes of a file of three chunks, with a hole, and of one of each other kind.
    private byte[] tar() throws IOException {
        byte[] noise = new byte[9_000_000];
        new Random(7).nextBytes(noise);
        Path tree = Files.createDirectory(dir.resolve("tree"));
        Files.write(tree.resolve("big"), noise);
        Shell.run("""
                cd "$1"
                mkdir d && echo small > d/small && ln d/small d/hard && ln -s small d/soft && mkfifo d/pipe && : > empty
                truncate -s 300000 hole && echo data >> hole
                tar -c --sparse --sort=name --mtime=@1700000000 --owner=1000 --group=1001 -f ../tree.tar big d empty hole
                """, tree);
        return Files.readAllBytes(dir.resolve("tree.tar"));
    }

    private static EstargzLayer convert(byte[] tar, int level, ByteArrayOutputStream out) throws IOException {
        return Estargz.convert(new ByteArrayInputStream(tar), out, level);
    }

    private static byte[] gunzip(byte[] bytes, int from, int to) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes, from, to - from))) {
            return in.readAllBytes();
        }
    }

    /// As a snapshotter does: the footer says where the table is, and the table where the content of each file is.
    @Test
    void everyChunkIsWhereTheTableOfContentsSays() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EstargzLayer layer = convert(tar(), -1, out);
        byte[] bytes = out.toByteArray();

        byte[] footer = Arrays.copyOfRange(bytes, bytes.length - FOOTER, bytes.length);
        assertThat(gunzip(footer, 0, FOOTER)).isEmpty();
        String field = new String(footer, 16, 22, StandardCharsets.US_ASCII);
        assertThat(field).endsWith("STARGZ");
        int offset = Integer.parseInt(field.substring(0, 16), 16);
        TarReader contents = new TarReader(new ByteArrayInputStream(gunzip(bytes, offset, bytes.length - FOOTER)));
        TarEntry entry = Objects.requireNonNull(contents.next());
        assertThat(entry.shown()).isEqualTo("stargz.index.json");
        byte[] json = new byte[(int) entry.size()];
        assertThat(contents.read(json, 0, json.length)).isEqualTo(json.length);
        assertThat(contents.next()).isNull();

        JsonNode table = new JsonMapper().readTree(json);
        Map<String, Long> sizes = new HashMap<>();
        StringBuilder told = new StringBuilder();
        for (JsonNode each : table.path("entries")) {
            String name = each.path("name").asText();
            told.append(name).append(' ').append(each.path("type").asText()).append('\n');
            sizes.putIfAbsent(name, each.path("size").asLong());
            if (each.has("chunkDigest")) {
                long left =
                        sizes.getOrDefault(name, 0L) - each.path("chunkOffset").asLong();
                int length = (int) each.path("chunkSize").asLong(left);
                byte[] chunk = gunzip(bytes, each.path("offset").asInt(), bytes.length);
                assertThat(Digest.of(Arrays.copyOf(chunk, length)))
                        .as("chunk of %s at %s", name, each.path("chunkOffset"))
                        .hasToString(each.path("chunkDigest").asText());
            }
        }
        assertThat(told).hasToString("""
                        .no.prefetch.landmark reg
                        big reg
                        big chunk
                        big chunk
                        d/ dir
                        d/hard reg
                        d/pipe fifo
                        d/small hardlink
                        d/soft symlink
                        empty reg
                        hole reg
                        """);
        assertThat(table.path("version").asInt()).isEqualTo(1);
        assertThat(table.path("entries").path(1).path("modtime").asText()).isEqualTo("2023-11-14T22:13:20Z");
        byte[] whole = gunzip(bytes, 0, bytes.length);
        assertThat(layer.diffId().digest()).isEqualTo(Digest.of(whole));
        assertThat(layer.annotations())
                .containsEntry(
                        "containerd.io/snapshot/stargz/toc.digest",
                        Digest.of(json).toString())
                .containsEntry("io.containers.estargz.uncompressed-size", Integer.toString(whole.length));
    }

    @Test
    void gnuTarUnpacksItLikeTheLayerThatItWas() throws Exception {
        tar();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        convert(Files.readAllBytes(dir.resolve("tree.tar")), 9, out);
        Files.write(dir.resolve("layer.tar.gz"), out.toByteArray());
        Shell.run("""
                cd "$1" && mkdir one two && tar -x -f tree.tar -C one && tar -x -z -f layer.tar.gz -C two
                rm -f two/stargz.index.json two/.no.prefetch.landmark
                """, dir);
        assertThat(Shell.describe(dir.resolve("two"))).isEqualTo(Shell.describe(dir.resolve("one")));
    }

    @Test
    void theSameLayerGivesTheSameBytesAlsoFromWhatItGave() throws Exception {
        byte[] tar = tar();
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        EstargzLayer layer = convert(tar, -1, first);
        assertThat(convert(tar, -1, second)).isEqualTo(layer);
        assertThat(second.toByteArray()).isEqualTo(first.toByteArray());

        ByteArrayOutputStream again = new ByteArrayOutputStream();
        byte[] whole = gunzip(first.toByteArray(), 0, first.size());
        assertThat(convert(whole, -1, again)).isEqualTo(layer);
    }

    @Test
    void aFileOfTheTablesNameIsRefused() throws Exception {
        Path tree = Files.createDirectory(dir.resolve("tree"));
        Files.writeString(tree.resolve("stargz.index.json"), "{}");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EstargzWriter writer = new EstargzWriter(out, -1, CompressionThreads.shared());

        assertThatThrownBy(() -> TreeArchiver.write(tree, writer, Timestamps.asIs(), null))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "the file /stargz.index.json cannot be in a layer with compression=estargz, which has a file of"
                                + " that name itself");
    }
}
