package dev.jbuild.cli.explore;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the page knows of one platform. It is small, for it is read before anything is shown: what files have in
/// common stands there once, and each layer's changes are columns.
final class PageData {
    /// As many as anybody reads.
    private static final int LISTED = 500;

    private final Analysis analysis;
    private final JsonGenerator out;
    private final Map<Attributes, Integer> attributes = new LinkedHashMap<>();
    private final Map<String, Integer> links = new LinkedHashMap<>();

    private record Attributes(String permissions, String mode, long uid, long gid, List<String> names) {
        static Attributes of(FileState state) {
            return new Attributes(
                    state.permissions(),
                    String.format("%04o", state.mode()),
                    state.uid(),
                    state.gid(),
                    state.attributes());
        }
    }

    private PageData(Analysis analysis, JsonGenerator out) {
        this.analysis = analysis;
        this.out = out;
    }

    static void write(Analysis analysis, Writer writer) throws IOException {
        try (JsonGenerator out = SafeJson.to(writer)) {
            new PageData(analysis, out).write();
        }
    }

    private void write() throws IOException {
        out.writeStartObject();
        out.writeStringField("platform", analysis.platform().toString());
        out.writeStringField("digest", analysis.digest().toString());
        out.writeStringField("config", analysis.configDigest().toString());
        out.writeNumberField("written", analysis.written());
        out.writeNumberField("smallest", analysis.smallest());
        out.writeNumberField("wasted", analysis.wasted());
        out.writeNumberField("size", analysis.size());
        out.writeNumberField("wastefulFiles", analysis.wasteful().size());
        numbers("wasteful", analysis.wasteful().stream().limit(LISTED).toList());
        numbers("largest", analysis.largest().stream().limit(LISTED).toList());
        steps();
        numbers("parents", analysis.files().stream().map(ExploredFile::parent).toList());
        texts("names", analysis.files().stream().map(ExploredFile::name).toList());
        layers();
        attributes();
        texts("links", List.copyOf(links.keySet()));
        out.writeEndObject();
    }

    private void steps() throws IOException {
        out.writeArrayFieldStart("steps");
        for (Step step : analysis.steps()) {
            out.writeStartArray();
            out.writeString(SafeJson.shown(step.text()));
            out.writeString(step.place());
            out.writeNumber(step.layer());
            out.writeString(SafeJson.shown(step.instruction()));
            out.writeEndArray();
        }
        out.writeEndArray();
    }

    private void layers() throws IOException {
        out.writeArrayFieldStart("layers");
        for (Analysis.LayerChanges changed : analysis.byLayer()) {
            ExploredLayer layer = changed.layer();
            out.writeStartObject();
            out.writeStringField("digest", layer.digest().toString());
            out.writeNumberField("size", layer.size());
            out.writeNumberField("bytes", layer.bytes());
            out.writeNumberField("wasted", layer.wasted());
            changes(changed.places());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /// Columns: the file as the distance from the one before, the kind of change as a letter, what it has in common
    /// with others, its size, and the link targets of those that have one.
    private void changes(List<Analysis.Place> changes) throws IOException {
        out.writeArrayFieldStart("f");
        int last = 0;
        for (Analysis.Place place : changes) {
            out.writeNumber(place.file() - last);
            last = place.file();
        }
        out.writeEndArray();
        StringBuilder kinds = new StringBuilder();
        changes.forEach(place -> kinds.append(place.change().kind().letter()));
        out.writeStringField("k", kinds.toString());
        numbers(
                "a",
                changes.stream()
                        .map(place ->
                                number(attributes, Attributes.of(place.change().state())))
                        .toList());
        out.writeArrayFieldStart("s");
        for (Analysis.Place place : changes) {
            out.writeNumber(place.change().state().size());
        }
        out.writeEndArray();
        out.writeObjectFieldStart("l");
        for (int i = 0; i < changes.size(); i++) {
            String link = changes.get(i).change().state().link();
            if (!link.isEmpty()) {
                out.writeNumberField(Integer.toString(i), number(links, link));
            }
        }
        out.writeEndObject();
    }

    private static <T> int number(Map<T, Integer> numbers, T value) {
        Integer known = numbers.putIfAbsent(value, numbers.size());
        return known == null ? numbers.size() - 1 : known;
    }

    private void attributes() throws IOException {
        out.writeArrayFieldStart("attributes");
        for (Attributes each : attributes.keySet()) {
            out.writeStartArray();
            out.writeString(each.permissions());
            out.writeString(each.mode());
            out.writeNumber(each.uid());
            out.writeNumber(each.gid());
            for (String name : each.names()) {
                out.writeString(SafeJson.shown(name));
            }
            out.writeEndArray();
        }
        out.writeEndArray();
    }

    private void numbers(String field, List<Integer> numbers) throws IOException {
        out.writeArrayFieldStart(field);
        for (int number : numbers) {
            out.writeNumber(number);
        }
        out.writeEndArray();
    }

    private void texts(String field, List<String> texts) throws IOException {
        out.writeArrayFieldStart(field);
        for (String text : texts) {
            out.writeString(SafeJson.shown(text));
        }
        out.writeEndArray();
    }
}
