package dev.jbuild.parser.ignore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Many patterns with wildcards, of which the last that matches is wanted. Each is filed under one of the literal
/// texts in it, the one that the fewest others have. One pass over a path finds all the texts that it contains, and
/// only the patterns filed there are tried.
///
/// The texts form a trie, with a link from each to the longest other one that it ends with, as Aho and Corasick have
/// it. Its size and the time to make it grow with the patterns' length.
final class LiteralIndex {
    private static final int ROOT = 0;

    private final List<Rule> rules;
    /// The patterns that are nothing but wildcards.
    private final List<Rule> unfiled = new ArrayList<>();
    private final Edges edges;
    private final int[] suffix;
    /// The nearest node, going from suffix to suffix, that has patterns, or the root.
    private final int[] filedSuffix;
    /// For a node, the place of the last pattern filed there, or -1; and for a place, the one before it at
    /// the same node.
    private final int[] last;
    private final int[] before;

    /// @param rules with rising numbers
    LiteralIndex(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        List<List<String>> texts = new ArrayList<>();
        Map<String, Integer> uses = new HashMap<>();
        for (Rule rule : rules) {
            List<String> found = rule.pattern().literals();
            texts.add(found);
            for (String text : found) {
                uses.merge(text, 1, Integer::sum);
            }
        }
        List<String> filed = new ArrayList<>();
        int length = 1;
        for (List<String> found : texts) {
            String text = rarest(found, uses);
            filed.add(text);
            length = Math.addExact(length, text.length());
        }
        edges = new Edges(length);
        last = new int[length];
        Arrays.fill(last, -1);
        before = new int[rules.size()];
        int[] parents = new int[length];
        char[] characters = new char[length];
        int[] depths = new int[length];
        int nodes = 1;
        for (int i = 0; i < filed.size(); i++) {
            int node = ROOT;
            for (int at = 0; at < filed.get(i).length(); at++) {
                char c = filed.get(i).charAt(at);
                int next = edges.next(node, c);
                if (next == ROOT) {
                    next = nodes++;
                    edges.put(node, c, next);
                    parents[next] = node;
                    characters[next] = c;
                    depths[next] = at + 1;
                }
                node = next;
            }
            if (node == ROOT) {
                unfiled.add(rules.get(i));
            } else {
                before[i] = last[node];
                last[node] = i;
            }
        }
        suffix = new int[nodes];
        filedSuffix = new int[nodes];
        for (int node : byDepth(depths, nodes)) {
            link(node, parents[node], characters[node]);
        }
    }

    private static String rarest(List<String> texts, Map<String, Integer> uses) {
        String best = "";
        int bestUses = Integer.MAX_VALUE;
        for (String text : texts) {
            int count = uses.getOrDefault(text, 0);
            if (count < bestUses || (count == bestUses && text.length() > best.length())) {
                best = text;
                bestUses = count;
            }
        }
        return best;
    }

    /// All nodes but the root, those nearer to it first.
    private static int[] byDepth(int[] depths, int nodes) {
        int deepest = 0;
        for (int node = 1; node < nodes; node++) {
            deepest = Math.max(deepest, depths[node]);
        }
        int[] starts = new int[deepest + 2];
        for (int node = 1; node < nodes; node++) {
            starts[depths[node] + 1]++;
        }
        for (int depth = 1; depth < starts.length; depth++) {
            starts[depth] += starts[depth - 1];
        }
        int[] sorted = new int[nodes - 1];
        for (int node = 1; node < nodes; node++) {
            sorted[starts[depths[node]]++] = node;
        }
        return sorted;
    }

    private void link(int node, int parent, char c) {
        if (parent != ROOT) {
            suffix[node] = step(suffix[parent], c);
        }
        filedSuffix[node] = last[suffix[node]] >= 0 ? suffix[node] : filedSuffix[suffix[node]];
    }

    private int step(int from, char c) {
        int node = from;
        while (true) {
            int next = edges.next(node, c);
            if (next != ROOT || node == ROOT) {
                return next;
            }
            node = suffix[node];
        }
    }

    /// The number of the last pattern that matches the path or a directory above it, if it is greater than the one
    /// given; else that.
    int lastMatch(String path, int atLeast) {
        int best = atLeast;
        for (int i = unfiled.size() - 1; i >= 0 && unfiled.get(i).number() > best; i--) {
            if (unfiled.get(i).pattern().matchesPathOrParent(path)) {
                best = unfiled.get(i).number();
            }
        }
        Set<Integer> seen = new HashSet<>();
        int node = ROOT;
        for (int at = 0; at < path.length(); at++) {
            node = step(node, path.charAt(at));
            int filed = last[node] >= 0 ? node : filedSuffix[node];
            // What lies behind a node that was seen was seen with it.
            while (filed != ROOT && seen.add(filed)) {
                best = lastMatchAt(filed, path, best);
                filed = filedSuffix[filed];
            }
        }
        return best;
    }

    private int lastMatchAt(int node, String path, int atLeast) {
        for (int i = last[node]; i >= 0 && rules.get(i).number() > atLeast; i = before[i]) {
            if (rules.get(i).pattern().matchesPathOrParent(path)) {
                return rules.get(i).number();
            }
        }
        return atLeast;
    }

    /// The trie's edges, in one table with open addressing.
    private static final class Edges {
        private final long[] keys;
        private final int[] values;

        Edges(int count) {
            int size = Math.max(16, Integer.highestOneBit(count) << 2);
            keys = new long[size];
            values = new int[size];
        }

        private int slot(long key) {
            long mixed = key * 0x9E37_79B9_7F4A_7C15L;
            int slot = (int) (mixed >>> 33) & (keys.length - 1);
            while (values[slot] != ROOT && keys[slot] != key) {
                slot = (slot + 1) & (keys.length - 1);
            }
            return slot;
        }

        /// The node behind the edge, or the root if there is none.
        int next(int node, char c) {
            return values[slot((long) node << 16 | c)];
        }

        void put(int node, char c, int next) {
            int slot = slot((long) node << 16 | c);
            keys[slot] = (long) node << 16 | c;
            values[slot] = next;
        }
    }
}
