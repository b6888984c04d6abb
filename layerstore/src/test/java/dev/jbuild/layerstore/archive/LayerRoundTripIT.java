package dev.jbuild.layerstore.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layerstore.fake.Shell;
import dev.jbuild.layerstore.kernel.Kernel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tree with one of everything goes through our writer and reader, and through GNU tar.
class LayerRoundTripIT {
    private static final String ONE_OF_EVERYTHING = """
            cd "$1"
            mkdir -p dir/sub 'with space' setgid
            echo hello > dir/file; ln dir/file dir/sub/hard; ln -s ../file dir/sub/soft; ln -s /nowhere dangling
            chmod 4755 dir/file; chown 1000:2000 dir/sub; chown -h 5:6 dir/sub/soft; chown 4000000000:3000000000 dangling -h
            chmod 2775 setgid; chgrp 50 setgid; echo x > setgid/of-root; chgrp 0 setgid/of-root; chmod 1777 'with space'
            : > empty; mkfifo pipe; mknod null c 1 3; mknod disk b 8 300
            long=$(printf 'n%.0s' $(seq 200)); mkdir -p $long/$long; echo deep > $long/$long/$long; ln -s $long/$long/$long link-$long
            echo u > "$(printf 'F\\305\\221tan\\303\\272s\\303\\255tv\\303\\241ny')"; echo l > "$(printf 'latin-\\351')"
            truncate -s 3M sparse; printf data | dd of=sparse bs=1 seek=2000000 conv=notrunc status=none
            head -c 300000 /dev/urandom > random
            setfattr -n user.binary -v 0x00ff80fe0a3d dir/file; setfattr -n user.empty dir; setfattr -n user.d -v x dir
            setfattr -n security.capability -v 0x0100000200040000000000000000000000000000 random
            touch -h -d '2001-02-03 04:05:06.123456789' dir/sub/soft; touch -d '1969-12-31 23:59:58.5' empty
            touch -d '2100-01-01 00:00:00' random; touch -d '2005-05-05 05:05:05.000000001' dir/sub; touch -d @0 dir
            """;

    @TempDir
    Path temp;

    @BeforeAll
    static void needsRoot() {
        assumeTrue(Kernel.effectiveUser() == 0, "not root: owners and devices cannot be made");
        assumeTrue(Shell.has("setfattr"), "setfattr is not installed (package attr)");
    }

    private Path everything() throws Exception {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        Shell.run(ONE_OF_EVERYTHING, tree);
        return tree;
    }

    @Test
    void ourReaderMakesOfALayerWhatOurWriterRead() throws Exception {
        Path tree = everything();
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        LayerSummary written = LayerWriter.write(tree, tar, Timestamps.asIs());
        Path copy = Files.createDirectory(temp.resolve("copy"));
        LayerSummary applied = LayerApplier.apply(new ByteArrayInputStream(tar.toByteArray()), copy, ApplyMode.OVERLAY);
        assertThat(Shell.describe(copy))
                .isEqualTo(Shell.describe(tree))
                .contains("user.binary=0x00ff80fe0a3d", "./disk 8:12c", "./dir/file f 4755 0:0 6 ", "-2.5000000000")
                .contains("security.capability=0x0100000200040000000000000000000000000000");
        assertThat(applied.entries()).isEqualTo(written.entries());
        assertThat(applied.complete()).isTrue();
    }

    @Test
    void gnuTarMakesTheSameOfIt() throws Exception {
        Path tree = everything();
        Path tar = temp.resolve("layer.tar");
        try (OutputStream out = Files.newOutputStream(tar)) {
            LayerWriter.write(tree, out, Timestamps.asIs());
        }
        Path copy = Files.createDirectory(temp.resolve("copy"));
        String messages = Shell.run(
                "tar -x --xattrs --xattrs-include='*' --numeric-owner -p -C \"$2\" -f \"$1\" 2>&1", tar, copy);
        assertThat(messages.replaceAll("(?m)^.*(implausibly old time stamp|time stamp .* in the future).*\n", ""))
                .isEmpty();
        assertThat(Shell.describe(copy)).isEqualTo(Shell.describe(tree));
    }

    @Test
    void weMakeOfGnuTarsArchivesWhatItDoes() throws Exception {
        Path tree = everything();
        for (String format : new String[] {
            "--format=posix --xattrs --xattrs-include=*",
            "--format=gnu",
            "--format=posix -S",
            "--format=posix -S --sparse-version=0.1",
            "--format=posix -S --sparse-version=0.0",
            "--format=gnu -S"
        }) {
            Path tar = temp.resolve("gnu.tar");
            Path theirs = Files.createDirectory(temp.resolve("theirs"));
            Path ours = Files.createDirectory(temp.resolve("ours"));
            Shell.run("set -f; tar -c " + format + " --numeric-owner -C \"$1\" -f \"$2\" .", tree, tar);
            Shell.run("tar -x --xattrs --xattrs-include='*' --numeric-owner -p -C \"$2\" -f \"$1\" 2>&1", tar, theirs);
            try (var in = Files.newInputStream(tar)) {
                LayerApplier.apply(in, ours, ApplyMode.PLAIN);
            }
            assertThat(Shell.describe(ours)).as(format).isEqualTo(Shell.describe(theirs));
            if (format.contains("-S")) {
                assertThat(Shell.run("stat -c %b \"$1/sparse\"", ours).strip())
                        .as(format)
                        .isEqualTo(Shell.run("stat -c %b \"$1/sparse\"", theirs).strip());
            }
            Kernel.removeTree(theirs);
            Kernel.removeTree(ours);
        }
    }

    @Test
    void theSameTreeIsTheSameTar() throws Exception {
        Path tree = everything();
        Path copy = temp.resolve("copied");
        Shell.run("cp -a --preserve=all \"$1\" \"$2\"; touch -d '2024-05-05' \"$2/pipe\"", tree, copy);
        Timestamps clamped = Timestamps.clampedTo(Instant.parse("2000-01-01T00:00:00Z"));
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        LayerWriter.write(tree, one, clamped);
        LayerWriter.write(copy, two, clamped);
        assertThat(one.toByteArray()).isEqualTo(two.toByteArray());
    }
}
