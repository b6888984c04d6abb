package dev.jbuild.cli.report;

import dev.jbuild.solver.event.BuildEvent;

/// Says nothing; what goes wrong is reported when the build has ended.
final class QuietProgress implements Progress {
    @Override
    public void on(BuildEvent event) {}

    @Override
    public void close() {}
}
