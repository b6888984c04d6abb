package dev.jbuild.solver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.graph.KeyPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheIndexTest {
    private static final CacheKey KEY =
            new CacheKey(List.of(new KeyPart("op", "exec"), new KeyPart("args", "größe\n")));
    private static final CacheRecord RECORD = new CacheRecord(
            new Result("layer abc", List.of(new SnapshotId("abc"), new SnapshotId("def"))),
            "[build 2/3] RUN größe",
            KEY.parts(),
            Duration.ofNanos(1_234_567_890_123L));

    @TempDir
    Path directory;

    private CacheIndex index;

    @BeforeEach
    void open() {
        index = new CacheIndex(directory);
    }

    @Test
    void givesBackWhatWasPut() {
        assertThat(index.find(KEY)).isEmpty();
        index.put(KEY, RECORD);
        assertThat(index.find(KEY)).contains(RECORD);
        assertThat(new CacheIndex(directory).find(KEY)).as("in another process").contains(RECORD);
        assertThat(index.list())
                .singleElement()
                .returns(KEY.digest(), CacheIndex.Entry::key)
                .returns(RECORD, CacheIndex.Entry::cacheRecord);
    }

    @Test
    void theLastRecordWins() {
        CacheRecord later = new CacheRecord(new Result("other", List.of()), "", List.of(), Duration.ZERO);
        index.put(KEY, RECORD);
        index.put(KEY, later);
        assertThat(index.find(KEY)).contains(later);
        index.remove(KEY.digest());
        index.remove(KEY.digest());
        assertThat(index.find(KEY)).isEmpty();
    }

    @ParameterizedTest(name = "cut to {0} %")
    @ValueSource(ints = {0, 1, 10, 50, 90, 99})
    void aRecordThatIsNotWholeIsAMiss(int percent) throws IOException {
        index.put(KEY, RECORD);
        Path file = recordFile();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length * percent / 100));

        assertThat(index.find(KEY)).isEmpty();
        assertThat(index.list()).isEmpty();
        index.put(KEY, RECORD);
        assertThat(index.find(KEY)).as("written over").contains(RECORD);
    }

    @Test
    void anyWrongByteIsAMiss() throws IOException {
        index.put(KEY, RECORD);
        Path file = recordFile();
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            Files.write(file, bad);
            assertThat(index.find(KEY)).as("byte %d", i).isEmpty();
        }
    }

    private Path recordFile() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    @Test
    void manyWritersAndReadersNeverSeeHalfARecord() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                CacheRecord each = new CacheRecord(
                        new Result("writer " + i, List.of()), "x".repeat(i * 500), List.of(), Duration.ZERO);
                all.add(threads.submit(() -> {
                    index.put(KEY, each);
                    return index.find(KEY).isPresent();
                }));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile))
                    .as("nothing unfinished")
                    .hasSize(1);
        }
    }

    @Test
    void keysTellEveryPartApart() {
        List<CacheKey> keys = List.of(
                new CacheKey(List.of()),
                new CacheKey(List.of(new KeyPart("", ""))),
                new CacheKey(List.of(new KeyPart("a", "bc"))),
                new CacheKey(List.of(new KeyPart("ab", "c"))),
                new CacheKey(List.of(new KeyPart("a", "b"), new KeyPart("c", ""))),
                new CacheKey(List.of(new KeyPart("a", ""), new KeyPart("b", "c"))),
                new CacheKey(List.of(KeyPart.list("a", List.of("b c")))),
                new CacheKey(List.of(KeyPart.list("a", List.of("b", "c")))));
        assertThat(keys.stream().map(CacheKey::digest)).doesNotHaveDuplicates();
        assertThat(new CacheKey(KEY.parts()).digest()).isEqualTo(KEY.digest());
    }
}
