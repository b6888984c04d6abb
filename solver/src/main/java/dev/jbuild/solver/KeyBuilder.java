package dev.jbuild.solver;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.solver.cache.CacheKey;
import dev.jbuild.solver.context.Selection;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.KeyPart;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Makes the cache keys of vertices.
final class KeyBuilder {
    private KeyBuilder() {}

    /// How an input enters a key.
    interface InputKeys {
        /// The identity of the input's result.
        String identity(int input);

        /// The hash of what is selected from the input.
        Digest content(int input, List<Selection> selections) throws IOException, InterruptedException;
    }

    /// Names every input by the identity of its result; build contexts, which have none, by their content.
    static CacheKey definition(Vertex vertex, InputKeys inputs) throws IOException, InterruptedException {
        return key(vertex, inputs, false);
    }

    /// Names the inputs that are only read by the content that is selected from them.
    static CacheKey content(Vertex vertex, InputKeys inputs) throws IOException, InterruptedException {
        return key(vertex, inputs, true);
    }

    /// Whether the two keys of this vertex differ.
    static boolean readsResults(Vertex vertex) {
        return selections(vertex.op()).keySet().stream().anyMatch(input -> !isContext(vertex, input));
    }

    private static CacheKey key(Vertex vertex, InputKeys inputs, boolean byContent)
            throws IOException, InterruptedException {
        Op op = vertex.op();
        List<KeyPart> parts = new ArrayList<>(op.keyParts());
        if (op.root() != Op.NONE) {
            parts.add(new KeyPart("root", inputs.identity(op.root())));
        }
        for (Map.Entry<Integer, List<Selection>> read : selections(op).entrySet()) {
            int input = read.getKey();
            boolean content = byContent || isContext(vertex, input);
            StringBuilder selected = new StringBuilder();
            if (!content) {
                // All else that a selection says is part of the operation's own key.
                read.getValue().forEach(selection -> selected.append(' ').append(selection.path()));
            }
            parts.add(
                    content
                            ? new KeyPart(
                                    "files",
                                    inputs.content(input, read.getValue()).toString())
                            : new KeyPart("input", inputs.identity(input) + selected));
        }
        return new CacheKey(parts);
    }

    static boolean isContext(Vertex vertex, int input) {
        return vertex.inputs().get(input).op() instanceof Op.LocalSource;
    }

    /// What an operation reads of each input that it does not extend.
    static Map<Integer, List<Selection>> selections(Op op) {
        Map<Integer, List<Selection>> selections = new TreeMap<>();
        switch (op) {
            case Op.FileOp files ->
                files.actions().forEach(action -> {
                    if (action instanceof FileAction.Copy copy) {
                        add(selections, copy.source(), Selection.of(copy));
                    }
                });
            case Op.Exec exec ->
                exec.mounts().forEach(mount -> {
                    if (mount instanceof ExecMount.Bind bind && bind.input() != Op.NONE) {
                        add(selections, bind.input(), Selection.of(bind.source()));
                    }
                });
            case Op.ImageSource source -> {}
            case Op.OciLayoutSource source -> {}
            case Op.LocalSource source -> {}
            case Op.HttpSource source -> {}
            case Op.GitSource source -> {}
            case Op.Merge merge -> {}
        }
        return selections;
    }

    private static void add(Map<Integer, List<Selection>> selections, int input, Selection selection) {
        selections.computeIfAbsent(input, key -> new ArrayList<>()).add(selection);
    }

    /// The inputs whose identity the keys of this operation need.
    static Set<Integer> results(Vertex vertex) {
        Set<Integer> results = new TreeSet<>();
        if (vertex.op() instanceof Op.Merge) {
            for (int i = 0; i < vertex.inputs().size(); i++) {
                results.add(i);
            }
            return results;
        }
        if (vertex.op().root() != Op.NONE) {
            results.add(vertex.op().root());
        }
        selections(vertex.op()).keySet().stream()
                .filter(input -> !isContext(vertex, input))
                .forEach(results::add);
        return results;
    }
}
