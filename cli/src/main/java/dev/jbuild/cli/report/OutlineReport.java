package dev.jbuild.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.plan.Outline;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer of `--call=outline`: tables as buildx prints them, or JSON with the fields of BuildKit's outline.
public final class OutlineReport {
    private OutlineReport() {}

    public static String text(Outline outline) {
        String name = outline.name() == null ? "(default)" : outline.name();
        Table target = new Table("TARGET:", name);
        if (outline.description() != null) {
            target.add("DESCRIPTION:", outline.description());
        }
        StringBuilder text = new StringBuilder(target.toString());
        if (!outline.arguments().isEmpty()) {
            Table table = new Table("BUILD ARG", "VALUE", "DESCRIPTION");
            outline.arguments()
                    .forEach(argument ->
                            table.add(argument.name(), orEmpty(argument.value()), orEmpty(argument.description())));
            text.append('\n').append(table);
        }
        mounts("SECRET", outline.secrets(), text);
        mounts("SSH", outline.ssh(), text);
        if (!outline.caches().isEmpty()) {
            Table table = new Table("CACHE MOUNT");
            outline.caches().forEach(cache -> table.add(cache.id()));
            text.append('\n').append(table);
        }
        return text.toString();
    }

    private static void mounts(String heading, List<Outline.Mounted> mounts, StringBuilder text) {
        if (!mounts.isEmpty()) {
            Table table = new Table(heading, "REQUIRED");
            mounts.forEach(mount -> table.add(mount.id(), mount.required() ? "true" : ""));
            text.append('\n').append(table);
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    public static String json(Outline outline, Source source) {
        return Json.pretty(out -> {
            out.writeStartObject();
            field("name", outline.name(), out);
            field("description", outline.description(), out);
            if (!outline.arguments().isEmpty()) {
                out.writeArrayFieldStart("args");
                for (Outline.Argument argument : outline.arguments()) {
                    out.writeStartObject();
                    out.writeStringField("name", argument.name());
                    field("description", argument.description(), out);
                    field("value", argument.value(), out);
                    FindingJson.location(source, argument.span(), out);
                    out.writeEndObject();
                }
                out.writeEndArray();
            }
            mounts("secrets", "name", outline.secrets(), source, out);
            mounts("ssh", "name", outline.ssh(), source, out);
            mounts("cache", "ID", outline.caches(), source, out);
            FindingJson.sources(source, out);
            out.writeEndObject();
        });
    }

    private static void mounts(
            String field, String idField, List<Outline.Mounted> mounts, Source source, JsonGenerator out)
            throws IOException {
        if (mounts.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart(field);
        for (Outline.Mounted mount : mounts) {
            out.writeStartObject();
            out.writeStringField(idField, mount.id());
            if (mount.required()) {
                out.writeBooleanField("required", true);
            }
            FindingJson.location(source, mount.span(), out);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /// A field that is left out where it would say nothing.
    static void field(String name, @Nullable String value, JsonGenerator out) throws IOException {
        if (value != null && !value.isEmpty()) {
            out.writeStringField(name, value);
        }
    }
}
