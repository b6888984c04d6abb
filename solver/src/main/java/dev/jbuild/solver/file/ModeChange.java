package dev.jbuild.solver.file;

import dev.jbuild.solver.graph.FileAction;
import java.util.ArrayList;
import java.util.List;

/// What `--chmod` does to the permissions of a file: replaces them, or changes them clause by clause. The umask plays
/// no part.
final class ModeChange {
    private static final int SET_USER = 04000;
    private static final int SET_GROUP = 02000;
    private static final int STICKY = 01000;
    private static final int ALL = 0777;
    private static final int EXECUTE = 0111;

    private final int fixed;
    private final List<Clause> clauses;

    /// @param who the bits of those that are meant, special bits included
    /// @param operator `+`, `-` or `=`
    /// @param what letters of `rwxXst`, or one of `ugo`
    private record Clause(int who, char operator, String what) {}

    private ModeChange(int fixed, List<Clause> clauses) {
        this.fixed = fixed;
        this.clauses = clauses;
    }

    /// Reads octal digits, or symbolic clauses such as `u=rwX,go-w`.
    ///
    /// @throws FileActionException if it is neither
    static ModeChange parse(FileAction.Mode mode) throws FileActionException {
        String text = mode.text();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return new ModeChange(octal(text), List.of());
        }
        List<Clause> clauses = new ArrayList<>();
        for (String clause : text.split(",", -1)) {
            parse(clause, text, clauses);
        }
        return new ModeChange(-1, clauses);
    }

    private static int octal(String text) throws FileActionException {
        try {
            int mode = Integer.parseInt(text, 8);
            if (mode <= 07777) {
                return mode;
            }
        } catch (NumberFormatException e) {
            throw new FileActionException(notOctal(text), e);
        }
        throw new FileActionException(notOctal(text));
    }

    private static String notOctal(String text) {
        return "invalid --chmod \"" + text + "\": it should be octal string and between 0 and 07777";
    }

    private static void parse(String clause, String text, List<Clause> clauses) throws FileActionException {
        int i = 0;
        int who = 0;
        for (; i < clause.length() && "ugoa".indexOf(clause.charAt(i)) >= 0; i++) {
            who |= switch (clause.charAt(i)) {
                case 'u' -> SET_USER | 0700;
                case 'g' -> SET_GROUP | 0070;
                case 'o' -> STICKY | 0007;
                default -> SET_USER | SET_GROUP | STICKY | ALL;
            };
        }
        if (who == 0) {
            who = SET_USER | SET_GROUP | STICKY | ALL;
        }
        boolean any = false;
        while (i < clause.length() && "+-=".indexOf(clause.charAt(i)) >= 0) {
            char operator = clause.charAt(i++);
            int start = i;
            if (i < clause.length() && "ugo".indexOf(clause.charAt(i)) >= 0) {
                i++;
            } else {
                while (i < clause.length() && "rwxXst".indexOf(clause.charAt(i)) >= 0) {
                    i++;
                }
            }
            clauses.add(new Clause(who, operator, clause.substring(start, i)));
            any = true;
        }
        if (!any || i < clause.length()) {
            throw new FileActionException("invalid --chmod \"" + text + "\": \"" + clause
                    + "\" is neither octal nor of the form [ugoa]*[-+=][rwxXst]*");
        }
    }

    /// Whether the permissions that a file has do not matter.
    boolean replaces() {
        return fixed >= 0;
    }

    /// The permissions that a file with these gets.
    int apply(int permissions, boolean directory) {
        if (fixed >= 0) {
            return fixed;
        }
        int mode = permissions & 07777;
        for (Clause clause : clauses) {
            int bits = bits(clause, mode, permissions, directory) & clause.who;
            mode = switch (clause.operator) {
                case '+' -> mode | bits;
                case '-' -> mode & ~bits;
                // The set-ID bits of a directory say how files in it are made: only their own letter clears them.
                default -> (mode & ~(directory ? clause.who & ALL : clause.who)) | bits;
            };
        }
        return mode;
    }

    private static int bits(Clause clause, int mode, int original, boolean directory) {
        int bits = 0;
        for (char letter : clause.what.toCharArray()) {
            bits |= switch (letter) {
                case 'r' -> 0444;
                case 'w' -> 0222;
                case 'x' -> EXECUTE;
                case 'X' -> directory || (original & EXECUTE) != 0 ? EXECUTE : 0;
                case 's' -> SET_USER | SET_GROUP;
                case 't' -> STICKY;
                case 'u' -> spread(mode >> 6);
                case 'g' -> spread(mode >> 3);
                default -> spread(mode);
            };
        }
        return bits;
    }

    /// The permissions of one class, for all three.
    private static int spread(int permissions) {
        int one = permissions & 7;
        return one << 6 | one << 3 | one;
    }
}
