package dev.jbuild.cli.command;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.solver.sandbox.NameServers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlInvalidTypeException;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/// Reads the table `[dns]` of a configuration file. Apart from [ConfigFile], so that the TOML library is loaded
/// only by those whose file has such a table.
final class NameServerToml {
    private NameServerToml() {}

    /// @param name what to call the file in messages
    static NameServers parse(String text, String name) {
        TomlParseResult toml = Toml.parse(text);
        if (toml.hasErrors()) {
            TomlParseError first = toml.errors().getFirst();
            throw new UsageException(name + ":" + first.position().line() + ": " + first.getMessage());
        }
        try {
            TomlTable table = toml.getTable("dns");
            return table == null ? NameServers.MACHINE : nameServers(table);
        } catch (TomlInvalidTypeException | IllegalArgumentException e) {
            throw new UsageException(name + ": [dns]: " + e.getMessage());
        }
    }

    private static NameServers nameServers(TomlTable table) {
        for (String key : table.keySet()) {
            if (!List.of("nameservers", "searchDomains", "options").contains(key)) {
                throw new IllegalArgumentException(
                        "unknown key \"" + key + "\": expected nameservers, searchDomains or options");
            }
        }
        return new NameServers(
                strings(table.getArray("nameservers"), "nameservers"),
                strings(table.getArray("searchDomains"), "searchDomains"),
                strings(table.getArray("options"), "options"));
    }

    private static List<String> strings(@Nullable TomlArray array, String key) {
        List<String> strings = new ArrayList<>();
        for (Object each : array == null ? List.of() : array.toList()) {
            if (!(each instanceof String string)) {
                throw new IllegalArgumentException("expected strings in " + key);
            }
            strings.add(string);
        }
        return strings;
    }
}
