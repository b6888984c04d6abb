package dev.jbuild.solver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.solver.graph.FileAction;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnerLookupTest {
    @TempDir
    Path root;

    @BeforeEach
    void makeAccounts() throws Exception {
        Files.createDirectory(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), """
                root:x:0:0:root:/root:/bin/sh
                # a comment
                node:x:1000:1001::/home/node:/bin/sh
                odd:x:many:1::/:
                """);
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nstaff:x:50:node\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "root,        0,          0",
        "node,        1000,       1001",
        "node:staff,  1000,       50",
        "node:7,      1000,       7",
        "node:,       1000,       0",
        "1000,        1000,       1000",
        "1000:,       1000,       0",
        "12:staff,    12,         50",
        "4294967294,  4294967294, 4294967294",
    })
    void findsNumbers(String owner, long uid, long gid) throws Exception {
        FileOwner found = new OwnerLookup(root).find(FileAction.Owner.parse(owner));
        assertThat(Integer.toUnsignedLong(found.uid())).isEqualTo(uid);
        assertThat(Integer.toUnsignedLong(found.gid())).isEqualTo(gid);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nobody,     unable to find user \"nobody\": /etc/passwd",
        "node:wheel, unable to find group \"wheel\": /etc/group",
        "4294967295, unable to find user \"4294967295\"",
        "odd,        the entry of \"odd\" in /etc/passwd has \"many\"",
    })
    void saysWhichNameIsNotThere(String owner, String message) {
        assertThatThrownBy(() -> new OwnerLookup(root).find(FileAction.Owner.parse(owner)))
                .isInstanceOf(FileActionException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void rootNeedsNoFiles(@TempDir Path empty) throws Exception {
        assertThat(new OwnerLookup(empty).find(FileAction.Owner.parse("root:root")))
                .isEqualTo(FileOwner.ROOT);
    }

    @Test
    void readsTheTreesOwnFilesOnly() throws Exception {
        Files.delete(root.resolve("etc/passwd"));
        Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("/../../etc/accounts"));
        Files.writeString(root.resolve("etc/accounts"), "inner:x:5:6::/:\n");
        assertThat(new OwnerLookup(root).find(FileAction.Owner.parse("inner"))).isEqualTo(new FileOwner(5, 6));
    }
}
