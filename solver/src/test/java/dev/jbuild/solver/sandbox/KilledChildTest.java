package dev.jbuild.solver.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.solver.event.BuildEvent.Stream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KilledChildTest {
    private static final String COMPLAINT = "unshare: sigprocmask unblock failed: Invalid argument";

    private final List<String> said = new ArrayList<>();
    private final KilledChild child = new KilledChild((stream, line) -> said.add(stream + " " + line));

    @Test
    void unshareDoesNotSpeakForItsChild() {
        child.accept(Stream.STDERR, "working");
        child.accept(Stream.STDERR, COMPLAINT);
        assertThat(said).containsExactly("STDERR working");
        assertThat(child.code(1)).isEqualTo(137);
    }

    @Test
    void aStepThatSaysTheSameKeepsItsExitCode() {
        child.accept(Stream.STDOUT, COMPLAINT);
        assertThat(said).containsExactly("STDOUT " + COMPLAINT);
        assertThat(child.code(1)).isEqualTo(1);
        child.accept(Stream.STDERR, COMPLAINT);
        assertThat(child.code(0)).isZero();
        assertThat(child.code(3)).isEqualTo(3);
    }
}
