/// What comes from elsewhere: base images, git repositories, files and archives of the web.
/// May import `secret`, `file` and the packages before them.
@NullMarked
package dev.jbuild.solver.fetch;

import org.jspecify.annotations.NullMarked;
