package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An ordinary user of this machine, made for a test and removed after it.
record FreshUser(String name, Path home) implements AutoCloseable {
    private static final String MAKE = """
            useradd --create-home --shell /bin/sh "$1" && chmod 755 "$(eval echo ~"$1")"
            sed -i "/^$1:/d" /etc/subuid /etc/subgid
            if [ -n "$2" ]; then
              echo "$1:$2:65536" >> /etc/subuid
              echo "$1:$2:65536" >> /etc/subgid
            fi
            eval echo ~"$1"
            """;

    /// @param subordinates the first of 65536 IDs that are the user's too; empty for none
    static FreshUser make(String name, String subordinates) {
        assumeTrue(Shell.has("useradd"), "useradd is not here");
        assumeTrue(Shell.has("newuidmap"), "newuidmap is not here: run testdata/prepare");
        FreshUser user =
                new FreshUser(name, Path.of(Shell.run(MAKE, name, subordinates).strip()));
        try {
            Outcome able = user.run(Map.of(), List.of("unshare", "--user", "--map-root-user", "--mount", "true"));
            assumeTrue(able.code() == 0, () -> "users of this machine get no namespaces: " + able.err());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return user;
    }

    /// Runs a command as this user, in its home.
    Outcome run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        return Installation.start(prepare(environment, command, List.of()));
    }

    /// The same, with these words of root before the command, not yet started.
    ProcessBuilder prepare(Map<String, String> environment, List<String> command, List<String> through) {
        List<String> all = new ArrayList<>(through);
        all.addAll(List.of("setpriv", "--reuid", name, "--regid", name, "--init-groups"));
        all.addAll(List.of("--inh-caps", "-all", "--bounding-set", "+all", "--", "env", "HOME=" + home));
        all.addAll(command);
        return Installation.prepare(home, environment, all);
    }

    /// Gives the user a copy of a file or directory.
    Path give(Path original, String as) {
        Shell.run("cp -a \"$1\" \"$2\" && chown -R \"$3:\" \"$2\"", original, home.resolve(as), name);
        return home.resolve(as);
    }

    @Override
    public void close() {
        String left = Shell.run("""
                rm -rf "$2"
                userdel --force "$1" 2>&1 || :
                sed -i "/^$1:/d" /etc/subuid /etc/subgid
                """, name, home);
        assertThat(home).as(left).doesNotExist();
    }
}
