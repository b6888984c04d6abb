package dev.jbuild.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.solver.sandbox.NameServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    @Test
    void nameServersAreThoseOfBuildkitdToml() {
        assertThat(NameServerToml.parse("""
                        debug = true
                        [dns]
                          nameservers = ["192.0.2.1", "2001:db8::1"]
                          options = ["edns0"]
                          searchDomains = ["example.com"]
                        """, "buildkitd.toml"))
                .isEqualTo(
                        new NameServers(List.of("192.0.2.1", "2001:db8::1"), List.of("example.com"), List.of("edns0")));
        assertThat(NameServerToml.parse("# no dns here", "f")).isEqualTo(NameServers.MACHINE);
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path directory) throws IOException {
        Path none = directory.resolve("none.toml");
        assertThatThrownBy(() -> ConfigFile.read(none))
                .isInstanceOf(UsageException.class)
                .hasMessage("there is no configuration file " + none);
        Path binary = Files.write(directory.resolve("binary.toml"), new byte[] {(byte) 0xff});
        assertThatThrownBy(() -> ConfigFile.read(binary))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(binary + ": a configuration file is text in UTF-8");
        assertThatThrownBy(() -> ConfigFile.read(directory))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("the configuration file " + directory + " cannot be read");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(quoteCharacter = '`', textBlock = """
            `[dns]
            nameserver = []`,           `f: [dns]: unknown key "nameserver": expected nameservers, searchDomains or options`
            `[dns]
            nameservers = ["me"]`,      `f: [dns]: nameservers: "me" is not an address`
            `[dns]
            nameservers = [1]`,         `f: [dns]: expected strings in nameservers`
            `[dns]
            nameservers = "192.0.2.1"`, `f: [dns]: `
            `dns = 1`,                  `f: [dns]: `
            `[dns`,                     `f:1: `
            """)
    void mistakesAreNamed(String text, String message) {
        assertThatThrownBy(() -> NameServerToml.parse(text, "f"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(message);
    }
}
