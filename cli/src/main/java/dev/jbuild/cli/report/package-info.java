/// How jbuild talks to people: progress while a build runs, errors with the lines of the Dockerfile they
/// are about, tables. May import every other module, and no other package of this one.
@NullMarked
package dev.jbuild.cli.report;

import org.jspecify.annotations.NullMarked;
