package dev.jbuild.cli.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.event.ResourceUsage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One JSON object a line, with the fields of BuildKit's SolveStatus: `vertexes`, `statuses`, `logs` and `warnings`;
/// and one of our own, `usages`.
///
/// A vertex's digest is made up from its step: it only ties the lines of one build together.
final class RawJsonProgress implements Progress {
    private final Io io;
    private final JsonFactory json = new JsonFactory();
    private final Map<Integer, RawVertex> vertexes = new HashMap<>();

    private record RawVertex(Digest digest, String name, Instant started) {}

    RawJsonProgress(Io io) {
        this.io = io;
    }

    @Override
    public synchronized void on(BuildEvent event) {
        StringWriter line = new StringWriter();
        try (JsonGenerator out = json.createGenerator(line)) {
            out.writeStartObject();
            write(event, io.clock().instant(), out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot be written to", e);
        }
        io.err().print(line.append("\n"));
        io.err().flush();
    }

    private void write(BuildEvent event, Instant now, JsonGenerator out) throws IOException {
        switch (event) {
            case BuildEvent.Started(int step, String name) -> vertex(begin(step, name, now), null, false, null, out);
            case BuildEvent.Cached(int step, String name) -> vertex(begin(step, name, now), now, true, null, out);
            case BuildEvent.Completed completed -> vertex(known(completed.step(), now), now, false, null, out);
            case BuildEvent.Failed failed ->
                vertex(
                        known(failed.step(), now),
                        now,
                        false,
                        failed.cancelled() ? "context canceled" : failed.message(),
                        out);
            case BuildEvent.Log log -> log(log, known(log.step(), now), now, out);
            case BuildEvent.Progress progress -> status(progress, known(progress.step(), now), now, out);
            case BuildEvent.Used(int step, ResourceUsage usage) -> usage(usage, known(step, now), out);
            case BuildEvent.Found found -> found(found, known(found.step(), now), out);
            case BuildEvent.Warned warned -> warning(warned, known(warned.step(), now), out);
        }
    }

    private RawVertex begin(int step, String name, Instant now) {
        Digest digest = Digest.of((step + " " + name).getBytes(StandardCharsets.UTF_8));
        RawVertex vertex = new RawVertex(digest, name, now);
        vertexes.put(step, vertex);
        return vertex;
    }

    private RawVertex known(int step, Instant now) {
        RawVertex vertex = vertexes.get(step);
        return vertex == null ? begin(step, "", now) : vertex;
    }

    private static void vertex(
            RawVertex vertex, @Nullable Instant completed, boolean cached, @Nullable String error, JsonGenerator out)
            throws IOException {
        out.writeArrayFieldStart("vertexes");
        out.writeStartObject();
        out.writeStringField("digest", vertex.digest().toString());
        out.writeStringField("name", vertex.name());
        out.writeStringField("started", vertex.started().toString());
        if (completed != null) {
            out.writeStringField("completed", completed.toString());
        }
        if (cached) {
            out.writeBooleanField("cached", true);
        }
        if (error != null) {
            out.writeStringField("error", error);
        }
        out.writeEndObject();
        out.writeEndArray();
    }

    // BuildKit has nothing of the kind in its messages; readers of those pass over it.
    private static void usage(ResourceUsage usage, RawVertex vertex, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("usages");
        out.writeStartObject();
        out.writeStringField("vertex", vertex.digest().toString());
        number("cpuMicroseconds", usage.processors(), out);
        number("memoryPeakBytes", usage.memory(), out);
        number("readBytes", usage.read(), out);
        number("writtenBytes", usage.written(), out);
        out.writeEndObject();
        out.writeEndArray();
    }

    private static void number(String field, OptionalLong number, JsonGenerator out) throws IOException {
        if (number.isPresent()) {
            out.writeNumberField(field, number.getAsLong());
        }
    }

    // What the engine says of a step itself is a status of BuildKit's; a line of output is a log.
    private static void log(BuildEvent.Log log, RawVertex vertex, Instant now, JsonGenerator out) throws IOException {
        switch (log.stream()) {
            case STATUS -> status(new BuildEvent.Progress(log.step(), log.line(), 0, 0), vertex, now, out);
            case STDOUT, STDERR -> {
                out.writeArrayFieldStart("logs");
                out.writeStartObject();
                out.writeStringField("vertex", vertex.digest().toString());
                out.writeNumberField("stream", log.stream() == BuildEvent.Stream.STDERR ? 2 : 1);
                writeBytes("data", log.line() + "\n", out);
                out.writeStringField("timestamp", now.toString());
                out.writeEndObject();
                out.writeEndArray();
            }
        }
    }

    private static void status(BuildEvent.Progress progress, RawVertex vertex, Instant now, JsonGenerator out)
            throws IOException {
        out.writeArrayFieldStart("statuses");
        out.writeStartObject();
        out.writeStringField("id", progress.thing());
        out.writeStringField("vertex", vertex.digest().toString());
        if (progress.total() > 0) {
            out.writeNumberField("total", progress.total());
        }
        out.writeNumberField("current", progress.current());
        out.writeStringField("timestamp", now.toString());
        out.writeStringField("started", vertex.started().toString());
        if (progress.total() > 0 && progress.current() >= progress.total()) {
            out.writeStringField("completed", now.toString());
        }
        out.writeEndObject();
        out.writeEndArray();
    }

    private static void warning(BuildEvent.Warned warned, RawVertex vertex, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("warnings");
        out.writeStartObject();
        out.writeStringField("vertex", vertex.digest().toString());
        out.writeNumberField("level", 1);
        writeBytes("short", warned.message(), out);
        if (warned.detail() != null) {
            out.writeArrayFieldStart("detail");
            out.writeBinary(warned.detail().getBytes(StandardCharsets.UTF_8));
            out.writeEndArray();
        }
        out.writeEndObject();
        out.writeEndArray();
    }

    private static void found(BuildEvent.Found found, RawVertex vertex, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("warnings");
        out.writeStartObject();
        out.writeStringField("vertex", vertex.digest().toString());
        FindingJson.warningFields(FindingText.of(found.source(), found.finding()), out);
        out.writeEndObject();
        out.writeEndArray();
    }

    // Go writes byte slices as base64.
    private static void writeBytes(String field, String text, JsonGenerator out) throws IOException {
        out.writeFieldName(field);
        out.writeBinary(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {}
}
