package dev.jbuild.parser.ignore;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The patterns that include again, and below which directories they may do so.
final class Inclusions {
    /// For deeper directories, and where more patterns would have to be tried, the answer is that something may.
    private static final int DEEPEST = 64;
    private static final int MOST_TRIED = 64;

    /// Number of the last pattern whose literal beginning lies below this directory.
    private final Map<String, Integer> towards = new HashMap<>();
    /// Those with wildcards by what they begin with, in rising order.
    private final Map<String, List<Rule>> beginnings = new HashMap<>();
    private final BitSet lengths = new BitSet();
    private int last = -1;

    /// Adds a pattern with a higher number than those before.
    void add(Rule rule) {
        last = rule.number();
        String prefix = rule.pattern().literalPrefix();
        int depth = 0;
        for (int slash = prefix.indexOf('/'); slash >= 0; slash = prefix.indexOf('/', slash + 1)) {
            boolean something = slash + 1 < prefix.length() || !rule.pattern().isLiteral();
            if (++depth > DEEPEST) {
                break;
            }
            if (something) {
                towards.put(prefix.substring(0, slash), rule.number());
            }
        }
        if (!rule.pattern().isLiteral()) {
            beginnings.computeIfAbsent(prefix, _ -> new ArrayList<>()).add(rule);
            lengths.set(prefix.length());
        }
    }

    /// Whether a pattern behind the one with the given number may match something below the directory.
    boolean mayMatchBelow(String directory, int after) {
        if (last <= after) {
            return false;
        }
        if (towards.getOrDefault(directory, -1) > after || isDeep(directory)) {
            return true;
        }
        int tried = 0;
        for (int length = lengths.nextSetBit(0);
                length >= 0 && length <= directory.length();
                length = lengths.nextSetBit(length + 1)) {
            List<Rule> rules = beginnings.getOrDefault(directory.substring(0, length), List.of());
            for (int i = rules.size() - 1; i >= 0 && rules.get(i).number() > after; i--) {
                if (++tried > MOST_TRIED || rules.get(i).pattern().mayMatchBelow(directory)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isDeep(String directory) {
        return directory.chars().filter(c -> c == '/').count() >= DEEPEST;
    }
}
