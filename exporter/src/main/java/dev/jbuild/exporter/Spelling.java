package dev.jbuild.exporter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Guesses what somebody meant to write.
final class Spelling {
    private static final int MOST_MISTAKES = 2;

    private Spelling() {}

    /// The end of a message about a wrong word: the word that was likely meant, else all that there are.
    static String suggestion(String wrong, List<String> known) {
        @Nullable String best = null;
        int bestDistance = MOST_MISTAKES + 1;
        for (String candidate : known) {
            int distance = distance(wrong, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best != null
                ? "; did you mean \"" + best + "\"?"
                : known.isEmpty() ? "" : "; there are " + String.join(", ", known);
    }

    // Levenshtein's, one row at a time.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int same = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(same, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
