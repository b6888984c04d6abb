package dev.jbuild.solver;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.solver.context.Tree;
import dev.jbuild.solver.file.FileActions;
import dev.jbuild.solver.graph.FileAction;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The build contexts of one build by name.
final class Contexts {
    private final Map<String, Tree> contexts;
    private final LayerStore store;
    private final Work<String, Path> copies;

    Contexts(Map<String, Tree> contexts, LayerStore store, Work.Crew crew) {
        this.contexts = Map.copyOf(contexts);
        this.store = store;
        this.copies = new Work<>(crew);
    }

    Tree get(String name) {
        Tree context = contexts.get(name);
        if (context == null) {
            throw new IllegalArgumentException("no build context is named " + name);
        }
        return context;
    }

    /// A copy of a file or directory of a context as a process may see it: without what is ignored, owned by root.
    ///
    /// @param path absolute in the context
    Path path(String name, String path) throws InterruptedException {
        return copies.get(name + '\0' + path, () -> {
            Path directory = store.newTempDir("context");
            FileAction all =
                    new FileAction.Copy(0, path, "/copy", false, false, false, false, "/", List.of(), null, null);
            FileActions.apply(directory, List.of(all), input -> get(name));
            return directory.resolve("copy");
        });
    }
}
