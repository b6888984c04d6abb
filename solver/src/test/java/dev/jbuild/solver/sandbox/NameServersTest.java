package dev.jbuild.solver.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        assertThat(NameServers.MACHINE.text(file, upstream)).isEqualTo(seen);
    }

    @Test
    void noneAreNeeded() throws Exception {
        Path none = directory.resolve("none");
        assertThat(NameServers.MACHINE.text(none, none)).isEmpty();
        Path file = Files.writeString(directory.resolve("resolv.conf"), "nameserver 127.0.0.53");
        assertThat(NameServers.MACHINE.text(file, none)).isEqualTo("nameserver 127.0.0.53");
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(textBlock = """
            192.0.2.1 2001:db8::1, '', '', 'nameserver 192.0.2.1\nnameserver 2001:db8::1\nsearch a.example\noptions ndots:2\n'
            '', b.example c.example, '', 'search b.example c.example\nnameserver 10.0.0.1\noptions ndots:2\n'
            fe80::1%eth0, '', use-vc timeout:1, 'nameserver fe80::1%eth0\noptions use-vc timeout:1\nsearch a.example\n'
            """)
    void othersStandForTheMachines(String servers, String search, String options, String seen) throws Exception {
        Path file = Files.writeString(
                directory.resolve("resolv.conf"), "nameserver 10.0.0.1\nsearch a.example\noptions ndots:2\n");
        NameServers given = new NameServers(words(servers), words(search), words(options));
        assertThat(given.text(file, directory.resolve("none"))).isEqualTo(seen);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(textBlock = """
            ns.example, '',     '',      'nameservers: "ns.example" is not an address'
            '',         'a\tb', '',      'searchDomains: "a\tb" is not a domain'
            '',         '',     'a\nb',  'options: "a\nb" is not an option of resolv.conf'
            """)
    void whatSuchAFileCannotHold(String server, String search, String option, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NameServers(one(server), one(search), one(option)))
                .withMessage(message);
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    private static List<String> one(String text) {
        return text.isEmpty() ? List.of() : List.of(text);
    }
}
