package dev.jbuild.solver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortsTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "80, 80/tcp",
        "80/tcp, 80/tcp",
        "53/UDP, 53/udp",
        "7/sctp, 7/sctp",
        "8000-8002/udp, 8000/udp 8001/udp 8002/udp",
        "127.0.0.1:8080:80, 80/tcp",
        "0, 0/tcp",
        "65535, 65535/tcp"
    })
    void reads(String text, String ports) {
        assertThat(Ports.parse(text)).isEqualTo(List.of(ports.split(" ")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "http, not a number",
        "80/xtp, invalid protocol",
        "80/, invalid protocol",
        "65536, not in 0 to 65535",
        "+80, not in 0 to 65535",
        "-1, not a number",
        "90-80, ends before it begins",
        "80-, not a number"
    })
    void refuses(String text, String why) {
        assertThatThrownBy(() -> Ports.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
