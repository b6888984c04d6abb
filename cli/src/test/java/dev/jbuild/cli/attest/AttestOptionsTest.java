package dev.jbuild.cli.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.cli.report.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttestOptionsTest {
    /// Options as on a command line, separated by blanks.
    private static AttestOptions parse(String line) {
        List<String> attest = new ArrayList<>();
        List<String> provenance = new ArrayList<>();
        List<String> sbom = new ArrayList<>();
        for (String word : AttestOptions.withValues(Arrays.asList(line.split(" ")))) {
            String value = word.substring(word.indexOf('=') + 1);
            switch (word.substring(0, word.indexOf('='))) {
                case "--attest" -> attest.add(value);
                case "--provenance" -> provenance.add(value);
                default -> sbom.add(value);
            }
        }
        return AttestOptions.parse(attest, provenance, sbom);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            --provenance                                    | MIN V1
            --provenance=true                               | MIN V1
            --provenance=mode=max                           | MAX V1
            --provenance=mode=max,version=v0.2              | MAX V02
            --attest=type=provenance,mode=max               | MAX V1
            --attest=type=provenance,mode=max --provenance=false |
            --provenance=disabled=true                      |
            --provenance=false                              |
            --sbom                                          | SPDX
            --sbom=format=cyclonedx                         | CYCLONEDX
            --attest=type=sbom --provenance                 | MIN V1 SPDX
            --attest=type=sbom,generator=scan:1             | scan:1 SPDX
            --attest=type=sbom,disabled=true                |
            """)
    void areUnderstood(String line, String expected) {
        AttestOptions options = parse(line);
        StringBuilder found = new StringBuilder();
        if (options.provenance() != null) {
            found.append(options.provenance().mode())
                    .append(' ')
                    .append(options.provenance().version());
        }
        if (options.sbom() != null) {
            found.append(' ')
                    .append(options.sbom().generator())
                    .append(' ')
                    .append(options.sbom().format());
        }
        assertThat(found.toString().replaceAll(" +", " ").strip()).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            --provenance=mode=full       | --provenance mode=full: expected min or max; there are min, max
            --provenance=version=v2      | --provenance version=v2: expected v1 or v0.2; did you mean `v1`?
            --provenance=mod=max         | --provenance: there is no "mod"; did you mean `mode`?
            --provenance=yes             | --provenance yes: "yes" is not KEY=VALUE, true or false
            --provenance=filename=a/b    | --provenance filename=a/b: expected the name of a file, such as provenance.json
            --provenance=reproducible=x  | --provenance reproducible=x: expected true or false
            --sbom=format=xml            | --sbom format=xml: expected spdx or cyclonedx; there are spdx, cyclonedx
            --sbom=generater=x           | --sbom: there is no "generater"; did you mean `generator`?
            --sbom=generator=x,format=cyclonedx | --sbom: a generator image writes SPDX; format= is for the generator that is built in
            --attest=mode=max            | --attest mode=max: it has no type; expected type=sbom or type=provenance
            --attest=type=sbon           | --attest type=sbon: there is no type "sbon"; did you mean `sbom`?
            --attest=type=sbom --attest=type=sbom | --attest type=sbom: type=sbom was given before; one is enough
            """)
    void areRefusedWithAHint(String line, String message) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(UsageException.class).hasMessage(message);
    }

    @Test
    void aWordWithoutAValueDoesNotTakeTheContextForOne() {
        assertThat(AttestOptions.withValues(List.of("--sbom", ".", "--provenance", "mode=max", "--sbom", "false")))
                .containsExactly("--sbom=true", ".", "--provenance", "mode=max", "--sbom", "false");
    }
}
