package dev.jbuild.parser.source;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the word that was probably meant.
public final class Suggestion {
    private Suggestion() {}

    /// The candidate nearest to the word, or null if none is near enough for the mistake to be a slip of the finger.
    /// Case does not count; of two equally near candidates the first wins. A candidate that equals the word in all
    /// but case is the nearest of all.
    public static @Nullable String nearest(String word, Collection<String> candidates) {
        String wanted = word.toLowerCase(Locale.ROOT);
        String best = null;
        // More slips than that, and a suggestion would only puzzle.
        int limit = wanted.length() <= 3 ? 1 : wanted.length() <= 5 ? 2 : 3;
        for (String candidate : candidates) {
            int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT), limit);
            if (distance <= limit && distance < Math.max(1, Math.min(wanted.length(), candidate.length()))) {
                best = candidate;
                limit = distance - 1;
                if (limit < 0) {
                    break;
                }
            }
        }
        return best;
    }

    /// ``did you mean `x`?``, or null if no candidate is near.
    public static @Nullable String didYouMean(String word, Collection<String> candidates) {
        String nearest = nearest(word, candidates);
        return nearest == null ? null : "did you mean `" + nearest + "`?";
    }

    /// Edit distance in which two swapped neighbours count as one slip; anything over the limit is `limit + 1`.
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) {
            return limit + 1;
        }
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int cost = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost = Math.min(cost, beforeLast[j - 2] + 1);
                }
                row[j] = cost;
                least = Math.min(least, cost);
            }
            if (least > limit) {
                return limit + 1;
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
