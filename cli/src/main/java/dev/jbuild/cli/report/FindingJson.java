package dev.jbuild.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jbuild.parser.lint.LintRule;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Position;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Dockerfiles, places in them and what was found there, with the field names of BuildKit's clients. Lines count from
/// one, characters of a line from zero.
public final class FindingJson {
    private FindingJson() {}

    /// The value of `buildx.build.warnings`.
    public static String warnings(Source source, List<Diagnostic> findings) {
        return Json.pretty(out -> {
                    out.writeStartArray();
                    for (Diagnostic finding : findings) {
                        out.writeStartObject();
                        warningFields(FindingText.of(source, finding), out);
                        out.writeEndObject();
                    }
                    out.writeEndArray();
                })
                .stripTrailing();
    }

    /// The fields of a warning in a build's progress, but for its vertex. Go writes byte slices as base64.
    static void warningFields(FindingText text, JsonGenerator out) throws IOException {
        out.writeNumberField("level", 1);
        bytes("short", text.withLine(), out);
        LintRule rule = text.rule();
        if (rule != null) {
            out.writeArrayFieldStart("detail");
            out.writeBinary(rule.description().getBytes(StandardCharsets.UTF_8));
            out.writeEndArray();
            out.writeStringField("url", rule.page());
        }
        out.writeFieldName("sourceInfo");
        sourceInfo(text.source(), out);
        ranges("range", text.source(), text.finding().span(), out);
    }

    /// A finding among the results of `--call=check`.
    public static void lintWarning(Source source, Diagnostic finding, JsonGenerator out) throws IOException {
        LintRule rule = LintRule.named(finding.rule());
        out.writeStartObject();
        out.writeStringField("ruleName", finding.rule());
        if (rule != null) {
            out.writeStringField("description", rule.description());
            out.writeStringField("url", rule.page());
        }
        out.writeStringField("detail", finding.summary());
        location(source, finding.span(), out);
        out.writeEndObject();
    }

    /// A whole Dockerfile.
    public static void sourceInfo(Source source, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("filename", source.name());
        bytes("data", source.text(), out);
        out.writeStringField("language", "Dockerfile");
        out.writeEndObject();
    }

    /// The field `sources` of outlines and targets: the Dockerfile's bytes alone.
    static void sources(Source source, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("sources");
        out.writeBinary(source.text().getBytes(StandardCharsets.UTF_8));
        out.writeEndArray();
    }

    /// The field `location`: a place in the only source there is.
    public static void location(Source source, Span span, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("location");
        out.writeNumberField("sourceIndex", 0);
        ranges("ranges", source, span, out);
        out.writeEndObject();
    }

    private static void ranges(String field, Source source, Span span, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(field);
        out.writeStartObject();
        position("start", source.position(span.start()), out);
        position("end", source.position(span.end()), out);
        out.writeEndObject();
        out.writeEndArray();
    }

    private static void position(String field, Position position, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart(field);
        out.writeNumberField("line", position.line());
        out.writeNumberField("character", position.column() - 1);
        out.writeEndObject();
    }

    private static void bytes(String field, String text, JsonGenerator out) throws IOException {
        out.writeFieldName(field);
        out.writeBinary(text.getBytes(StandardCharsets.UTF_8));
    }
}
