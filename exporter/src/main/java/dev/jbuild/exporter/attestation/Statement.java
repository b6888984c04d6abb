package dev.jbuild.exporter.attestation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// An in-toto statement: a predicate and what it is about.
public final class Statement {
    /// The annotation of a layer that tells the type of the predicate in it.
    public static final String PREDICATE_TYPE = "in-toto.io/predicate-type";

    // SLSA 1.0 asks for the first of these; the others are older than it.
    private static final String V1 = "https://in-toto.io/Statement/v1";
    private static final String V01 = "https://in-toto.io/Statement/v0.1";

    private Statement() {}

    /// An artifact.
    ///
    /// @param name a package URL, a path, or `_` for what has no name
    public record Subject(String name, Digest digest) {}

    /// The statement as JSON.
    ///
    /// @throws IllegalArgumentException if the predicate is no JSON object
    public static byte[] of(Predicate predicate, List<Subject> subjects) {
        return JsonTree.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("_type", predicate.type().equals(Predicate.SLSA_1) ? V1 : V01);
            out.writeStringField("predicateType", predicate.type());
            out.writeArrayFieldStart("subject");
            for (Subject subject : subjects) {
                write(out, subject);
            }
            out.writeEndArray();
            out.writeFieldName("predicate");
            try (JsonParser in = new JsonFactory().createParser(predicate.json())) {
                in.nextToken();
                out.copyCurrentStructure(in);
            }
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, Subject subject) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", subject.name());
        out.writeObjectFieldStart("digest");
        out.writeStringField("sha256", subject.digest().hex());
        out.writeEndObject();
        out.writeEndObject();
    }

    /// An image under each of its names; one without a name is `_`.
    public static List<Subject> image(List<String> names, Platform platform, Digest manifest) {
        List<Subject> subjects = new ArrayList<>();
        for (String name : names) {
            subjects.add(new Subject(packageUrl(ImageReference.parse(name), platform), manifest));
        }
        return subjects.isEmpty() ? List.of(new Subject("_", manifest)) : subjects;
    }

    /// `pkg:docker/NAME@TAG?platform=…`, with the digest too where the image is known by one.
    public static String packageUrl(ImageReference image, Platform platform) {
        StringBuilder url =
                new StringBuilder("pkg:docker/").append(image.familiarName().replace(":", "%3A"));
        String tag = image.tag();
        Digest digest = image.digest();
        if (tag != null) {
            url.append('@').append(tag);
        } else if (digest == null) {
            url.append("@latest");
        }
        String separator = "?";
        if (digest != null) {
            url.append(separator).append("digest=").append(digest);
            separator = "&";
        }
        return url.append(separator)
                .append("platform=")
                .append(URLEncoder.encode(platform.toString(), StandardCharsets.UTF_8))
                .toString();
    }
}
