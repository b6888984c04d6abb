package dev.jbuild.cli;

import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.SolveRequest.Context;

/// The main build context, and the Dockerfile, which most often lies in it.
record MainContext(Source dockerfile, Context files) {}
