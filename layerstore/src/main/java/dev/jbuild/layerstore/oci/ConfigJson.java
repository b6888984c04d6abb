package dev.jbuild.layerstore.oci;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Image configurations as JSON. The top level is in alphabetical order, as Docker and BuildKit write it.
final class ConfigJson {
    private ConfigJson() {}

    static ImageConfig read(byte[] json) throws OciFormatException {
        return JsonReader.document("image configuration", json, OciJson.MAX_CONFIG, in -> () -> {
            var fields = new Object() {
                @Nullable
                String os;

                @Nullable
                String architecture;

                @Nullable
                String variant;

                @Nullable
                Instant created;

                @Nullable
                String author;

                ContainerConfig config = ContainerConfig.EMPTY;

                @Nullable
                List<DiffId> diffIds;

                List<History> history = List.of();
            };
            in.fields(name -> {
                switch (name) {
                    case "os" -> fields.os = in.string();
                    case "architecture" -> fields.architecture = in.string();
                    case "variant" -> fields.variant = in.string();
                    case "created" -> fields.created = time(in);
                    case "author" -> fields.author = in.string();
                    case "config" -> fields.config = container(in);
                    case "rootfs" -> fields.diffIds = rootfs(in);
                    case "history" -> fields.history = in.list(() -> history(in));
                    default -> in.skip();
                }
            });
            String os = in.required(fields.os, "os");
            String architecture = in.required(fields.architecture, "architecture");
            List<DiffId> diffIds = in.required(fields.diffIds, "rootfs");
            return in.value(() -> new ImageConfig(
                    new Platform(os, architecture, fields.variant),
                    fields.created,
                    fields.author,
                    fields.config,
                    diffIds,
                    fields.history));
        });
    }

    private static @Nullable Instant time(JsonReader in) throws IOException {
        String text = in.text();
        return text.isEmpty() ? null : in.value(() -> Rfc3339.parse(text));
    }

    private static List<DiffId> rootfs(JsonReader in) throws IOException {
        var fields = new Object() {
            List<DiffId> diffIds = List.of();
        };
        in.fields(name -> {
            switch (name) {
                case "type" -> {
                    String type = in.text();
                    if (!type.equals("layers")) {
                        throw in.wrong("expected \"layers\" but found \"" + type + '"');
                    }
                }
                case "diff_ids" -> fields.diffIds = in.list(() -> in.value(() -> DiffId.parse(in.text())));
                default -> in.skip();
            }
        });
        return fields.diffIds;
    }

    private static History history(JsonReader in) throws IOException {
        var fields = new Object() {
            @Nullable
            Instant created;

            String createdBy = "";

            @Nullable
            String author;

            @Nullable
            String comment;

            boolean emptyLayer;
        };
        in.fields(name -> {
            switch (name) {
                case "created" -> fields.created = time(in);
                case "created_by" -> fields.createdBy = in.text();
                case "author" -> fields.author = in.string();
                case "comment" -> fields.comment = in.string();
                case "empty_layer" -> fields.emptyLayer = in.bool();
                default -> in.skip();
            }
        });
        return new History(fields.created, fields.createdBy, fields.author, fields.comment, fields.emptyLayer);
    }

    private static ContainerConfig container(JsonReader in) throws IOException {
        ContainerConfig.Builder config = ContainerConfig.EMPTY.toBuilder();
        in.fields(name -> {
            switch (name) {
                case "User" -> config.user(in.string());
                case "ExposedPorts" -> in.keys().forEach(config::exposePort);
                case "Env" -> config.env(in.strings());
                case "Entrypoint" -> config.entrypoint(in.strings());
                case "Cmd" -> config.cmd(in.strings());
                case "Volumes" -> in.keys().forEach(config::volume);
                case "WorkingDir" -> config.workingDir(in.string());
                case "Labels" -> config.labels(in.stringMap());
                case "StopSignal" -> config.stopSignal(in.string());
                case "ArgsEscaped" -> config.argsEscaped(in.bool());
                case "Healthcheck" -> config.healthcheck(in.isNull() ? null : healthcheck(in));
                case "OnBuild" -> config.onBuild(in.strings());
                case "Shell" -> config.shell(in.strings());
                default -> in.skip();
            }
        });
        return config.build();
    }

    private static Healthcheck healthcheck(JsonReader in) throws IOException {
        var fields = new Object() {
            List<String> test = List.of();
            Duration interval = Duration.ZERO;
            Duration timeout = Duration.ZERO;
            Duration startPeriod = Duration.ZERO;
            Duration startInterval = Duration.ZERO;
            int retries;
        };
        in.fields(name -> {
            switch (name) {
                case "Test" -> fields.test = in.strings();
                case "Interval" -> fields.interval = Duration.ofNanos(in.integer());
                case "Timeout" -> fields.timeout = Duration.ofNanos(in.integer());
                case "StartPeriod" -> fields.startPeriod = Duration.ofNanos(in.integer());
                case "StartInterval" -> fields.startInterval = Duration.ofNanos(in.integer());
                case "Retries" -> fields.retries = Math.clamp(in.integer(), Integer.MIN_VALUE, Integer.MAX_VALUE);
                default -> in.skip();
            }
        });
        return in.value(() -> new Healthcheck(
                fields.test,
                fields.interval,
                fields.timeout,
                fields.startPeriod,
                fields.startInterval,
                fields.retries));
    }

    static byte[] write(ImageConfig config) {
        return JsonText.of(out -> {
            Platform platform = config.platform();
            out.writeStartObject();
            out.writeStringField("architecture", platform.architecture());
            JsonText.string(out, "author", config.author());
            out.writeFieldName("config");
            write(out, config.config());
            time(out, config.created());
            if (!config.history().isEmpty()) {
                out.writeArrayFieldStart("history");
                for (History line : config.history()) {
                    write(out, line);
                }
                out.writeEndArray();
            }
            out.writeStringField("os", platform.os());
            out.writeObjectFieldStart("rootfs");
            out.writeStringField("type", "layers");
            out.writeArrayFieldStart("diff_ids");
            for (DiffId diffId : config.diffIds()) {
                out.writeString(diffId.toString());
            }
            out.writeEndArray();
            out.writeEndObject();
            JsonText.string(out, "variant", platform.variant());
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, History line) throws IOException {
        out.writeStartObject();
        time(out, line.created());
        JsonText.string(out, "created_by", line.createdBy());
        JsonText.string(out, "author", line.author());
        JsonText.string(out, "comment", line.comment());
        JsonText.flag(out, "empty_layer", line.emptyLayer());
        out.writeEndObject();
    }

    private static void time(JsonGenerator out, @Nullable Instant created) throws IOException {
        JsonText.string(out, "created", created == null ? null : Rfc3339.format(created));
    }

    private static void write(JsonGenerator out, ContainerConfig config) throws IOException {
        out.writeStartObject();
        JsonText.string(out, "User", config.user());
        JsonText.keys(out, "ExposedPorts", config.exposedPorts());
        JsonText.strings(out, "Env", config.env());
        JsonText.strings(out, "Entrypoint", config.entrypoint());
        JsonText.strings(out, "Cmd", config.cmd());
        JsonText.keys(out, "Volumes", config.volumes());
        JsonText.string(out, "WorkingDir", config.workingDir());
        JsonText.map(out, "Labels", config.labels());
        JsonText.string(out, "StopSignal", config.stopSignal());
        JsonText.flag(out, "ArgsEscaped", config.argsEscaped());
        Healthcheck healthcheck = config.healthcheck();
        if (healthcheck != null) {
            out.writeObjectFieldStart("Healthcheck");
            JsonText.strings(out, "Test", healthcheck.test());
            JsonText.number(out, "Interval", healthcheck.interval().toNanos());
            JsonText.number(out, "Timeout", healthcheck.timeout().toNanos());
            JsonText.number(out, "StartPeriod", healthcheck.startPeriod().toNanos());
            JsonText.number(out, "StartInterval", healthcheck.startInterval().toNanos());
            JsonText.number(out, "Retries", healthcheck.retries());
            out.writeEndObject();
        }
        JsonText.strings(out, "OnBuild", config.onBuild());
        JsonText.strings(out, "Shell", config.shell());
        out.writeEndObject();
    }
}
