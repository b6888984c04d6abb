package dev.jbuild.solver.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameServersTest {
    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
                    nameserver 127.0.0.53,              upstream
                    nameserver 10.0.0.1,                nameserver 10.0.0.1
                    nameserver 127.0.0.1,               nameserver 127.0.0.1
                    '# none\nsearch example.org',       '# none\nsearch example.org'
                    'nameserver 127.0.0.53\nnameserver 10.0.0.1', 'nameserver 127.0.0.53\nnameserver 10.0.0.1'
                    """)
    void thoseOfTheMachine(String own, String seen) throws Exception {
        Path file = Files.writeString(directory.resolve("resolv.conf"), own);
        Path upstream = Files.writeString(directory.resolve("upstream"), "upstream");
        assertThat(NameServers.of(file, upstream)).isEqualTo(seen);
    }

    @Test
    void noneAreNeeded() throws Exception {
        Path none = directory.resolve("none");
        assertThat(NameServers.of(none, none)).isEmpty();
        Path file = Files.writeString(directory.resolve("resolv.conf"), "nameserver 127.0.0.53");
        assertThat(NameServers.of(file, none)).isEqualTo("nameserver 127.0.0.53");
    }
}
