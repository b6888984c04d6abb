package dev.jbuild.layerstore.fake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Other people's programs, as judges in tests.
public final class Shell {
    private Shell() {}

    /// Runs a shell script with these arguments as `$1`, `$2`… and returns what it printed; a script that fails is
    /// an [AssertionError] with its messages.
    public static String run(String script, Object... arguments) {
        try {
            String[] command = new String[arguments.length + 5];
            command[0] = "/bin/sh";
            command[1] = "-euc";
            command[2] = "umask 022; " + script;
            command[3] = "sh";
            for (int i = 0; i < arguments.length; i++) {
                command[i + 4] = arguments[i].toString();
            }
            command[arguments.length + 4] = "";
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");
            builder.environment().put("TZ", "UTC");
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError("exit status " + status + " of: " + script + "\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new AssertionError("cannot run: " + script, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + script, e);
        }
    }

    /// Whether a program of this name is installed.
    public static boolean has(String program) {
        for (String folder : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /// Everything that a tree says of itself: types, modes, owners, sizes, times, link targets and counts,
    /// attributes and content, a line for each file.
    public static String describe(Path tree) {
        return run("""
                cd "$1"
                find . -mindepth 1 ! -type d -printf '%p %y %m %U:%G %s %T@ %n %l\\n' | sort
                find . -mindepth 1 -type d -printf '%p %y %m %U:%G %T@\\n' | sort
                find . \\( -type b -o -type c \\) -exec stat -c '%n %t:%T' {} + | sort
                find . -type f -print0 | sort -z | xargs -0 -r sha256sum
                find . -mindepth 1 -print0 | sort -z |
                  xargs -0 -r getfattr -h -d -m '^(user|security.capability)' -e hex 2>/dev/null || :
                """, tree);
    }
}
