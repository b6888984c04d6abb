package dev.jbuild.solver;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.solver.context.BuildContext;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.run.FileActions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The build contexts of one build by name.
final class Contexts {
    private static final FileAction EVERYTHING =
            new FileAction.Copy(0, "/", "/", false, false, false, false, "/", List.of(), null, null);

    private final Map<String, BuildContext> contexts;
    private final LayerStore store;
    private final Work<String, Path> copies;

    Contexts(Map<String, BuildContext> contexts, LayerStore store, Work.Crew crew) {
        this.contexts = Map.copyOf(contexts);
        this.store = store;
        this.copies = new Work<>(crew);
    }

    BuildContext get(String name) {
        BuildContext context = contexts.get(name);
        if (context == null) {
            throw new IllegalArgumentException("no build context is named " + name);
        }
        return context;
    }

    /// A copy of a context's files as a process may see them: without what is ignored, owned by root.
    Path directory(String name) throws InterruptedException {
        return copies.get(name, () -> {
            Path directory = store.newTempDir("context");
            FileActions.apply(directory, List.of(EVERYTHING), input -> get(name));
            return directory;
        });
    }
}
