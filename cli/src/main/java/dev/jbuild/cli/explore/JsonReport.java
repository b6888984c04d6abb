package dev.jbuild.cli.explore;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;

/// An exploration as JSON, for programs. `docs/commands/explore.md` has its fields.
public final class JsonReport {
    private static final int SCHEMA_VERSION = 1;
    private static final int LARGEST = 100;

    private final JsonGenerator out;

    private JsonReport(JsonGenerator out) {
        this.out = out;
    }

    /// Writes one document on one line.
    public static void write(Exploration exploration, Writer writer) throws IOException {
        try (JsonGenerator out = SafeJson.to(writer)) {
            new JsonReport(out).write(exploration);
        }
        writer.write('\n');
        writer.flush();
    }

    private void write(Exploration exploration) throws IOException {
        out.writeStartObject();
        out.writeNumberField("schemaVersion", SCHEMA_VERSION);
        out.writeStringField("name", exploration.name());
        out.writeStringField("digest", exploration.digest().toString());
        out.writeNumberField("efficiency", exploration.efficiency());
        out.writeArrayFieldStart("platforms");
        for (Analysis analysis : exploration.platforms()) {
            write(analysis);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void write(Analysis analysis) throws IOException {
        out.writeStartObject();
        out.writeStringField("platform", analysis.platform().toString());
        out.writeStringField("digest", analysis.digest().toString());
        out.writeStringField("config", analysis.configDigest().toString());
        out.writeNumberField("size", analysis.size());
        out.writeNumberField("fileBytes", analysis.written());
        out.writeNumberField("smallestBytes", analysis.smallest());
        out.writeNumberField("wastedBytes", analysis.wasted());
        out.writeNumberField("efficiency", analysis.efficiency());
        out.writeArrayFieldStart("instructions");
        for (Step step : analysis.steps()) {
            out.writeStartObject();
            out.writeStringField("instruction", SafeJson.shown(step.instruction()));
            if (!step.place().isEmpty()) {
                out.writeStringField("line", step.place());
            }
            if (step.layer() >= 0) {
                out.writeNumberField("layer", step.layer());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
        wasted(analysis);
        largest(analysis);
        layers(analysis);
        out.writeEndObject();
    }

    private void wasted(Analysis analysis) throws IOException {
        out.writeArrayFieldStart("wasted");
        for (int file : analysis.wasteful()) {
            ExploredFile found = analysis.files().get(file);
            out.writeStartObject();
            out.writeStringField("path", SafeJson.shown(analysis.path(file)));
            out.writeNumberField("bytes", found.wasted());
            out.writeNumberField("versions", found.versions());
            out.writeBooleanField("removed", !found.remains());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void largest(Analysis analysis) throws IOException {
        out.writeArrayFieldStart("largest");
        for (int file : analysis.largest().stream().limit(LARGEST).toList()) {
            Change change = analysis.files().get(file).changes().getLast();
            out.writeStartObject();
            out.writeStringField("path", SafeJson.shown(analysis.path(file)));
            out.writeNumberField("size", change.state().size());
            out.writeNumberField("layer", change.layer());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void layers(Analysis analysis) throws IOException {
        out.writeArrayFieldStart("layers");
        for (Analysis.LayerChanges changed : analysis.byLayer()) {
            ExploredLayer layer = changed.layer();
            out.writeStartObject();
            out.writeStringField("digest", layer.digest().toString());
            out.writeNumberField("size", layer.size());
            out.writeNumberField("fileBytes", layer.bytes());
            out.writeNumberField("wastedBytes", layer.wasted());
            out.writeArrayFieldStart("changes");
            for (Analysis.Place place : changed.places()) {
                write(analysis.path(place.file()), place.change());
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void write(String path, Change change) throws IOException {
        FileState state = change.state();
        out.writeStartObject();
        out.writeStringField("change", change.kind().word());
        out.writeStringField("path", SafeJson.shown(path));
        out.writeStringField("kind", state.kind().word());
        out.writeStringField("mode", String.format("%04o", state.mode()));
        out.writeNumberField("uid", state.uid());
        out.writeNumberField("gid", state.gid());
        if (state.kind() == FileKind.FILE) {
            out.writeNumberField("size", state.size());
        }
        if (!state.link().isEmpty()) {
            out.writeStringField("link", SafeJson.shown(state.link()));
        }
        if (!state.attributes().isEmpty()) {
            out.writeArrayFieldStart("attributes");
            for (String attribute : state.attributes()) {
                out.writeString(SafeJson.shown(attribute));
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }
}
