package dev.jbuild.solver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.solver.sandbox.Sandbox;
import dev.jbuild.solver.sandbox.SandboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserLookupTest {
    @TempDir
    Path root;

    @BeforeEach
    void write() throws Exception {
        Files.createDirectory(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), """
                root:x:0:0:root:/root:/bin/sh
                # a comment
                broken line
                who:x:1000:1001:Who:/home/who:/bin/sh
                homeless:x:1002:1002:::
                numberless:x:many:1:::
                """);
        Files.writeString(root.resolve("etc/group"), """
                root:x:0:
                staff:x:50:who,other
                video:x:44:who
                who:x:1001:who
                """);
    }

    @ParameterizedTest(name = "USER \"{0}\" is {1}:{2} with {3} at {4}")
    @CsvSource({
        "'', 0, 0, [], /root",
        "root, 0, 0, [], /root",
        "who, 1000, 1001, '[50, 44]', /home/who",
        "1000, 1000, 1001, '[50, 44]', /home/who",
        "who:staff, 1000, 50, [], /home/who",
        "who:7, 1000, 7, [], /home/who",
        "4321, 4321, 0, [], /",
        "4321:8765, 4321, 8765, [], /",
        ":staff, 0, 50, [], /root",
        "homeless, 1002, 1002, [], /",
        "4294967294, -2, 0, [], /"
    })
    void finds(String user, int uid, int gid, String groups, String home) throws Exception {
        Sandbox.Identity identity = UserLookup.find(root, user);
        assertThat(identity.uid()).isEqualTo(uid);
        assertThat(identity.gid()).isEqualTo(gid);
        assertThat(identity.groups()).hasToString(groups);
        assertThat(identity.home()).isEqualTo(home);
    }

    @ParameterizedTest(name = "USER {0}: {1}")
    @CsvSource({
        "nobody, unable to find user nobody",
        "who:nogroup, unable to find group nogroup",
        "numberless, has no number",
        "-1, unable to find user -1"
    })
    void refuses(String user, String why) {
        assertThatThrownBy(() -> UserLookup.find(root, user))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining(why);
    }

    @Test
    void numbersNeedNoFiles() throws Exception {
        Files.delete(root.resolve("etc/passwd"));
        Files.delete(root.resolve("etc/group"));
        assertThat(UserLookup.find(root, "5:6").gid()).isEqualTo(6);
        assertThat(UserLookup.find(root, "").uid()).isZero();
    }

    @Test
    void aPlantedLinkLeadsNowhereOutside() throws Exception {
        Path outside = Files.writeString(root.resolveSibling(root.getFileName() + ".passwd"), "evil:x:1:1::/:\n");
        Files.delete(root.resolve("etc/passwd"));
        Files.createSymbolicLink(root.resolve("etc/passwd"), outside);
        try {
            assertThatThrownBy(() -> UserLookup.find(root, "evil")).isInstanceOf(SandboxException.class);
        } finally {
            Files.delete(outside);
        }
    }
}
