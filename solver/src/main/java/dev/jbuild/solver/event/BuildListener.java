package dev.jbuild.solver.event;

/// Hears what happens in a build. Called from many threads at once, and must be quick.
@FunctionalInterface
public interface BuildListener {
    void on(BuildEvent event);
}
