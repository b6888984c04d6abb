package dev.jbuild.solver.sandbox;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts `***` in the place of secrets wherever a process writes one. A secret of several lines is looked for line by
/// line, and nothing shorter than [#SHORTEST] bytes is: it would be found everywhere.
public final class Mask {
    static final int SHORTEST = 6;
    public static final Mask NONE = new Mask(List.of());
    private static final long START_BITS = (1L << (8 * SHORTEST)) - 1;
    private static final byte[] STARS = {'*', '*', '*'};

    /// What is looked for, by its first bytes; the longest first.
    private final Map<Long, List<byte[]>> byStart = new HashMap<>();

    private final int longest;

    public Mask(Collection<byte[]> secrets) {
        int most = 0;
        for (byte[] secret : secrets) {
            for (byte[] line : lines(secret)) {
                most = Math.max(most, line.length);
                byStart.computeIfAbsent(start(line, 0), key -> new ArrayList<>())
                        .add(line);
            }
        }
        longest = most;
        Comparator<byte[]> byLength = Comparator.comparingInt(line -> line.length);
        byStart.values().forEach(lines -> lines.sort(byLength.reversed()));
    }

    private static List<byte[]> lines(byte[] secret) {
        List<byte[]> lines = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i <= secret.length; i++) {
            if (i == secret.length || secret[i] == '\n') {
                int from = begin;
                int to = i;
                while (from < to && isBlank(secret[from])) {
                    from++;
                }
                while (to > from && isBlank(secret[to - 1])) {
                    to--;
                }
                if (to - from >= SHORTEST) {
                    lines.add(java.util.Arrays.copyOfRange(secret, from, to));
                }
                begin = i + 1;
            }
        }
        return lines;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    private static long start(byte[] text, int offset) {
        long start = 0;
        for (int i = 0; i < SHORTEST; i++) {
            start = start << 8 | (text[offset + i] & 0xff);
        }
        return start;
    }

    /// The length of the longest text that is looked for; 0 if there is none.
    int longest() {
        return longest;
    }

    /// The text without any secret that is whole in it.
    public byte[] apply(byte[] text) {
        if (longest == 0 || text.length < SHORTEST) {
            return text;
        }
        ByteArrayOutputStream masked = new ByteArrayOutputStream(text.length);
        long window = start(text, 0);
        int done = 0;
        for (int i = 0; i + SHORTEST <= text.length; i++) {
            if (i > 0) {
                window = (window << 8 | (text[i + SHORTEST - 1] & 0xff)) & START_BITS;
            }
            int length = i < done ? 0 : match(window, text, i);
            if (length > 0) {
                masked.write(text, done, i - done);
                masked.writeBytes(STARS);
                done = i + length;
            }
        }
        masked.write(text, done, text.length - done);
        return masked.toByteArray();
    }

    private int match(long window, byte[] text, int offset) {
        List<byte[]> candidates = byStart.get(window);
        if (candidates != null) {
            for (byte[] line : candidates) {
                int end = offset + line.length;
                if (end <= text.length && java.util.Arrays.equals(line, 0, line.length, text, offset, end)) {
                    return line.length;
                }
            }
        }
        return 0;
    }
}
