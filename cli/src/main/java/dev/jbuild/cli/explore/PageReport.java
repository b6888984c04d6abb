package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/// An exploration as one HTML page that needs nothing else: style, script and data are in it, and its own policy
/// forbids it to load or send anything.
public final class PageReport {
    private static final List<String> STYLES = List.of("theme.css", "page.css", "files.css");
    private static final List<String> SCRIPTS =
            List.of("text.js", "image.js", "search.js", "rows.js", "layers.js", "lists.js", "page.js");

    private PageReport() {}

    public static void write(Exploration exploration, Writer out) throws IOException {
        String style = joined(STYLES);
        String script = "\"use strict\";\n(() => {\n" + joined(SCRIPTS) + "})();\n";
        for (String piece : resource("page.html").split("(?=@[A-Z]+@)|(?<=@[A-Z]{1,9}@)", -1)) {
            switch (piece) {
                case "@POLICY@" -> out.write(policy(style, script));
                case "@TITLE@" -> out.write(html(SafeJson.shown(exploration.name())));
                case "@STYLE@" -> out.write(style);
                case "@DATA@" -> data(exploration, out);
                case "@SCRIPT@" -> out.write(script);
                default -> out.write(piece);
            }
        }
        out.flush();
    }

    /// Only this style and this script.
    private static String policy(String style, String script) {
        return "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script)
                + "'; img-src data:; base-uri 'none'; form-action 'none'";
    }

    private static String hash(String content) {
        MessageDigest hash = Digest.newSha256();
        return "sha256-" + Base64.getEncoder().encodeToString(hash.digest(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static void data(Exploration exploration, Writer out) throws IOException {
        out.write("<script type=\"application/json\" id=\"about\">");
        try (var json = SafeJson.to(out)) {
            json.writeStartObject();
            json.writeStringField("name", SafeJson.shown(exploration.name()));
            json.writeStringField("digest", exploration.digest().toString());
            json.writeArrayFieldStart("platforms");
            for (Analysis analysis : exploration.platforms()) {
                json.writeString(analysis.platform().toString());
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.write("</script>\n");
        for (int i = 0; i < exploration.platforms().size(); i++) {
            out.write("<script type=\"application/json\" id=\"platform-" + i + "\">");
            PageData.write(exploration.platforms().get(i), out);
            out.write("</script>\n");
        }
    }

    private static String html(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c < ' ' || c > '~' || c == '<' || c == '>' || c == '&' || c == '"') {
                safe.append("&#")
                        .append(c < ' ' || Character.getType(c) == Character.FORMAT ? 0xfffd : c)
                        .append(';');
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    private static String joined(List<String> names) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : names) {
            all.append(resource(name));
        }
        return all.toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(PageReport.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
