package dev.jbuild.solver.run;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.solver.sandbox.Sandbox;
import dev.jbuild.solver.sandbox.SandboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// USER, looked up in the root file system's own /etc/passwd and /etc/group.
final class UserLookup {
    private static final long LARGEST_FILE = 16L << 20;

    private UserLookup() {}

    /// The numbers for `user[:group]`, each a name or a number; empty is root.
    ///
    /// @throws SandboxException if a name is not there
    static Sandbox.Identity find(Path root, String user) throws IOException {
        int colon = user.indexOf(':');
        String name = colon < 0 ? user : user.substring(0, colon);
        String group = colon < 0 ? "" : user.substring(colon + 1);
        List<String[]> passwd = entries(root, "/etc/passwd");
        Integer number = name.isEmpty() ? Integer.valueOf(0) : number(name);
        String[] account = first(
                passwd,
                fields -> fields.length >= 6
                        && (number == null
                                ? fields[0].equals(name)
                                : fields[2].equals(Integer.toUnsignedString(number))));
        if (account == null && number == null) {
            throw new SandboxException("unable to find user " + name + ": no matching entries in /etc/passwd");
        }
        int uid = number != null ? number : parse(account == null ? "" : account[2], "/etc/passwd", name);
        String home = account == null || account[5].isEmpty() ? "/" : account[5];
        if (!group.isEmpty()) {
            return new Sandbox.Identity(uid, group(root, group), List.of(), home);
        }
        if (account == null) {
            return new Sandbox.Identity(uid, 0, List.of(), home);
        }
        int gid = parse(account[3], "/etc/passwd", name);
        return new Sandbox.Identity(uid, gid, supplementary(root, account[0], gid), home);
    }

    private static int group(Path root, String group) throws IOException {
        Integer number = number(group);
        if (number != null) {
            return number;
        }
        String[] entry = first(entries(root, "/etc/group"), fields -> fields.length >= 3 && fields[0].equals(group));
        if (entry == null) {
            throw new SandboxException("unable to find group " + group + ": no matching entries in /etc/group");
        }
        return parse(entry[2], "/etc/group", group);
    }

    private static List<Integer> supplementary(Path root, String account, int primary) throws IOException {
        List<Integer> groups = new ArrayList<>();
        for (String[] fields : entries(root, "/etc/group")) {
            if (fields.length >= 4 && List.of(fields[3].split(",", -1)).contains(account)) {
                int gid = parse(fields[2], "/etc/group", fields[0]);
                if (gid != primary && !groups.contains(gid)) {
                    groups.add(gid);
                }
            }
        }
        return groups;
    }

    private static String @Nullable [] first(List<String[]> entries, Predicate<String[]> wanted) {
        return entries.stream().filter(wanted).findFirst().orElse(null);
    }

    private static @Nullable Integer number(String text) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static int parse(String text, String file, String name) {
        Integer number = number(text);
        if (number == null) {
            throw new SandboxException("the entry of " + name + " in " + file + " has no number: \"" + text + '"');
        }
        return number;
    }

    private static List<String[]> entries(Path root, String file) throws IOException {
        Path path = Kernel.resolveInRoot(root, file);
        if (!Files.isRegularFile(path)) {
            return List.of();
        }
        if (Files.size(path) > LARGEST_FILE) {
            throw new SandboxException(file + " of the stage is larger than " + LARGEST_FILE + " bytes");
        }
        List<String[]> entries = new ArrayList<>();
        for (String line : new String(Files.readAllBytes(path), StandardCharsets.UTF_8).split("\n", -1)) {
            if (!line.isEmpty() && line.charAt(0) != '#') {
                entries.add(line.split(":", -1));
            }
        }
        return entries;
    }
}
