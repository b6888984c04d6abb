package dev.jbuild.cli.report;

import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Source;

/// The answer of `--call=targets`: a table as buildx prints it, or JSON with the fields of BuildKit's list. Bases and
/// platforms are told as they are written.
public final class TargetsReport {
    private TargetsReport() {}

    public static String text(Dockerfile file) {
        Table table = new Table("TARGET", "DESCRIPTION");
        for (Stage stage : file.stages()) {
            String name = stage.name() == null ? "" : stage.name();
            String mark = stage.equals(file.stages().getLast()) ? "(default)" : "";
            table.add(
                    name + (name.isEmpty() || mark.isEmpty() ? "" : " ") + mark,
                    stage.description() == null ? "" : stage.description());
        }
        return table.toString();
    }

    public static String json(Dockerfile file) {
        Source source = file.source();
        return Json.pretty(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("targets");
            for (Stage stage : file.stages()) {
                Word platform = stage.from().platform();
                out.writeStartObject();
                OutlineReport.field("name", stage.name(), out);
                if (stage.equals(file.stages().getLast())) {
                    out.writeBooleanField("default", true);
                }
                OutlineReport.field("description", stage.description(), out);
                OutlineReport.field("base", stage.from().image().text(), out);
                OutlineReport.field("platform", platform == null ? null : platform.text(), out);
                FindingJson.location(source, stage.from().span(), out);
                out.writeEndObject();
            }
            out.writeEndArray();
            FindingJson.sources(source, out);
            out.writeEndObject();
        });
    }
}
