/// What every command begins with: its options, the store they lead to, and the client for registries.
/// May import `report` and every other module.
@NullMarked
package dev.jbuild.cli.command;

import org.jspecify.annotations.NullMarked;
