package dev.jbuild.solver.file;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.solver.graph.FileAction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Turns the owner that `--chown` names into numbers, by the root file system's own /etc/passwd and /etc/group.
final class OwnerLookup {
    private static final String PASSWD = "/etc/passwd";
    private static final String GROUP = "/etc/group";
    private static final long LARGEST_FILE = 16L << 20;
    /// The kernel takes the number above it for "leave as it is".
    private static final long LARGEST_NUMBER = 0xffff_fffeL;

    private final Path root;

    OwnerLookup(Path root) {
        this.root = root;
    }

    /// The owner's numbers.
    ///
    /// @throws FileActionException if a name is not there
    FileOwner find(FileAction.Owner owner) throws IOException {
        Integer uid = number(owner.user());
        String group = owner.group();
        if (uid != null && group == null) {
            return new FileOwner(uid, uid);
        }
        if (uid != null && group != null) {
            return new FileOwner(uid, group(group));
        }
        String[] account = entry(PASSWD, owner.user());
        if (account == null && owner.user().equals("root")) {
            // Root is 0 everywhere, also where there is no such file.
            return new FileOwner(0, group == null ? 0 : group(group));
        }
        if (account == null || account.length < 4) {
            throw missing("user", owner.user(), PASSWD);
        }
        int found = field(account[2], PASSWD, owner.user());
        return new FileOwner(found, group == null ? field(account[3], PASSWD, owner.user()) : group(group));
    }

    private int group(String group) throws IOException {
        Integer number = number(group);
        if (number != null) {
            return number;
        }
        String[] entry = entry(GROUP, group);
        if (entry == null && group.equals("root")) {
            return 0;
        }
        if (entry == null || entry.length < 3) {
            throw missing("group", group, GROUP);
        }
        return field(entry[2], GROUP, group);
    }

    private FileActionException missing(String what, String name, String file) throws IOException {
        boolean there = Files.isRegularFile(Kernel.resolveInRoot(root, file), LinkOption.NOFOLLOW_LINKS);
        return new FileActionException("unable to find " + what + " \"" + name + "\": "
                + (there
                        ? file + " of the tree that is written to has no such entry"
                        : "the tree that is written to has no " + file)
                + "; add the " + what + " before this instruction, or give its number");
    }

    private static int field(String text, String file, String name) throws FileActionException {
        Integer number = number(text);
        if (number == null) {
            throw new FileActionException(
                    "the entry of \"" + name + "\" in " + file + " has \"" + text + "\" where a number should be");
        }
        return number;
    }

    private static @Nullable Integer number(String text) {
        if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        long number = Long.parseLong(text);
        return number > LARGEST_NUMBER ? null : (Integer) (int) number;
    }

    private String @Nullable [] entry(String file, String name) throws IOException {
        Path path = Kernel.resolveInRoot(root, file);
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        if (Files.size(path) > LARGEST_FILE) {
            throw new FileActionException(file + " is larger than " + LARGEST_FILE + " bytes");
        }
        for (String line : new String(Files.readAllBytes(path), StandardCharsets.UTF_8).split("\n")) {
            String[] fields = line.split(":", -1);
            if (fields.length >= 3 && fields[0].equals(name)) {
                return fields;
            }
        }
        return null;
    }
}
