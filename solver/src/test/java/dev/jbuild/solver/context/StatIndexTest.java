package dev.jbuild.solver.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layerstore.kernel.Stat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatIndexTest {
    private static final Path CONTEXT = Path.of("/home/me/project");
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
    private static final byte[] CONTENT = new byte[32];

    @TempDir
    Path directory;

    private Path file;

    static {
        CONTENT[7] = 42;
    }

    @BeforeEach
    void chooseFile() {
        file = directory.resolve("contexts/index");
    }

    private static TreeEntry entry(String name, long ino, long size, double mtime, double ctime, int mode) {
        return new TreeEntry(
                name,
                new Stat(
                        Stat.REGULAR | mode,
                        0,
                        0,
                        size,
                        (long) mtime,
                        (int) ((mtime - (long) mtime) * 1e9),
                        (long) ctime,
                        (int) ((ctime - (long) ctime) * 1e9),
                        ino,
                        1,
                        0,
                        1,
                        0));
    }

    private void save(TreeEntry... entries) throws Exception {
        StatIndex index = StatIndex.read(file, CONTEXT, NOW);
        for (TreeEntry entry : entries) {
            index.add(entry, CONTENT);
        }
        index.save();
    }

    private byte @Nullable [] find(TreeEntry entry) {
        return StatIndex.read(file, CONTEXT, NOW).find(entry);
    }

    @Test
    void remembersFilesThatAreAsTheyWere() throws Exception {
        save(entry("a/b", 1, 2, 3, 4, 0644));
        assertThat(find(entry("a/b", 1, 2, 3, 4, 0644))).isEqualTo(CONTENT);
        assertThat(find(entry("a/c", 1, 2, 3, 4, 0644))).as("another path").isNull();
        assertThat(find(entry("a/b", 9, 2, 3, 4, 0644))).as("another inode").isNull();
        assertThat(find(entry("a/b", 1, 9, 3, 4, 0644))).as("another size").isNull();
        assertThat(find(entry("a/b", 1, 2, 3.000000001, 4, 0644)))
                .as("a nanosecond later")
                .isNull();
        assertThat(find(entry("a/b", 1, 2, 3, 9, 0644)))
                .as("changed and set back")
                .isNull();
        assertThat(find(entry("a/b", 1, 2, 3, 4, 0755))).as("another mode").isNull();
    }

    @ParameterizedTest(name = "changed {0} s before the index was read")
    @ValueSource(doubles = {0, 0.04, -5})
    void doesNotTrustWhatChangedJustNow(double before) throws Exception {
        save(entry("m", 1, 2, 1_000_000 - before, 4, 0644), entry("c", 1, 2, 4, 1_000_000 - before, 0644));
        assertThat(find(entry("m", 1, 2, 1_000_000 - before, 4, 0644))).isNull();
        assertThat(find(entry("c", 1, 2, 4, 1_000_000 - before, 0644))).isNull();
        assertThat(file).doesNotExist();
    }

    @Test
    void isOneBuildsMemoryEvenOfThat() {
        StatIndex index = StatIndex.read(file, CONTEXT, NOW);
        index.add(entry("a", 1, 2, 1_000_000, 4, 0644), CONTENT);
        assertThat(index.find(entry("a", 1, 2, 1_000_000, 4, 0644))).isEqualTo(CONTENT);
        assertThat(index.find(entry("a", 1, 3, 1_000_000, 4, 0644))).isNull();
    }

    @Test
    void holdsManyFiles() throws Exception {
        TreeEntry[] many = new TreeEntry[5000];
        for (int i = 0; i < many.length; i++) {
            many[i] = entry("dir/file" + i, i, i, i, i, 0644);
        }
        save(many);
        StatIndex index = StatIndex.read(file, CONTEXT, NOW);
        assertThat(many).allSatisfy(entry -> assertThat(index.find(entry)).isEqualTo(CONTENT));
        assertThat(index.find(entry("dir/file5000", 5000, 5000, 5000, 5000, 0644)))
                .isNull();
    }

    @Test
    void isWrittenOnlyWhenSomethingIsNew() throws Exception {
        save(entry("a", 1, 2, 3, 4, 0644));
        Object written = Files.getAttribute(file, "unix:ino");
        StatIndex index = StatIndex.read(file, CONTEXT, NOW);
        index.find(entry("a", 1, 2, 3, 4, 0644));
        index.save();
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(written);
    }

    @Test
    void forgetsFilesThatNoBuildMeets() throws Exception {
        save(entry("old", 1, 2, 3, 4, 0644), entry("met", 1, 2, 3, 4, 0644));
        for (int i = 0; i < 20; i++) {
            StatIndex index = StatIndex.read(file, CONTEXT, NOW);
            index.find(entry("met", 1, 2, 3, 4, 0644));
            index.add(entry("new", i, 2, 3, 4, 0644), CONTENT);
            index.save();
        }
        assertThat(find(entry("met", 1, 2, 3, 4, 0644))).isEqualTo(CONTENT);
        assertThat(find(entry("old", 1, 2, 3, 4, 0644))).isNull();
        assertThat(Files.size(file)).isLessThan(4 * 88);
    }

    @Test
    void anotherDirectorysIndexIsNone() throws Exception {
        save(entry("a", 1, 2, 3, 4, 0644));
        assertThat(StatIndex.read(file, Path.of("/elsewhere"), NOW).find(entry("a", 1, 2, 3, 4, 0644)))
                .isNull();
    }

    @Test
    void aDamagedIndexIsNone() throws Exception {
        TreeEntry entry = entry("a", 1, 2, 3, 4, 0644);
        save(entry);
        byte[] sound = Files.readAllBytes(file);
        for (int i = 0; i < sound.length; i++) {
            byte[] damaged = sound.clone();
            damaged[i] ^= 0x10;
            Files.write(file, damaged);
            assertThat(find(entry)).as("byte " + i).isNull();
            Files.write(file, Arrays.copyOf(sound, i));
            assertThat(find(entry)).as("only " + i + " bytes").isNull();
        }
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(find(entry)).as("a directory").isNull();
    }

    @Test
    void leavesNothingBehind() throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file.resolveSibling("index.999999999"), "of a process that was killed");
        StatIndex index = StatIndex.read(file, CONTEXT);
        index.add(entry("a", 1, 2, 3, 4, 0644), CONTENT);
        index.save();
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }
}
