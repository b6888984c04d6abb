package dev.jbuild.solver.file;

import java.util.ArrayList;
import java.util.List;

/// A path in the tree that is written to: no symbolic link on the way, nor where it leads.
record DestinationPath(List<String> names) {
    DestinationPath {
        names = List.copyOf(names);
    }

    boolean isRoot() {
        return names.isEmpty();
    }

    String name() {
        return names.getLast();
    }

    /// The directory that this lies in; the root lies in itself.
    DestinationPath parent() {
        return isRoot() ? this : new DestinationPath(names.subList(0, names.size() - 1));
    }

    DestinationPath child(String name) {
        List<String> longer = new ArrayList<>(names);
        longer.add(name);
        return new DestinationPath(longer);
    }

    @Override
    public String toString() {
        return "/" + String.join("/", names);
    }
}
