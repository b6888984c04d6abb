package dev.jbuild.exporter.sbom;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.jbuild.exporter.sbom.FoundPackage.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the `package.json` of each installed package of npm, and `package-lock.json` where the packages it names are
/// not installed beside it but, say, bundled.
final class NodePackages {
    private static final JsonFactory JSON = new JsonFactory();
    // The document of a package itself, and none of its tests or parts.
    private static final Pattern INSTALLED =
            Pattern.compile("(?:.*/)?node_modules/((?:@[^/]+/)?[^/@.][^/]*)/package\\.json");

    private final List<FoundPackage> installed = new ArrayList<>();
    private final Map<String, List<FoundPackage>> locked = new LinkedHashMap<>();
    private final Set<String> folders = new HashSet<>();

    static boolean isDocument(String path) {
        return path.endsWith("/package-lock.json")
                || path.equals("package-lock.json")
                || (path.endsWith("package.json") && INSTALLED.matcher(path).matches());
    }

    /// Hears of a directory.
    void directory(String path) {
        if (path.endsWith("node_modules")) {
            folders.add(path);
        }
    }

    void add(String path, byte[] document) throws BrokenFileException {
        try (JsonParser in = JSON.createParser(document)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new BrokenFileException("it is no JSON object");
            }
            if (path.endsWith("package-lock.json")) {
                locked.put(path, lock(in, path));
                return;
            }
            Fields fields = Fields.read(in);
            if (fields.name != null) {
                installed.add(found(fields.name, fields.version, fields.license, path));
            }
        } catch (BrokenFileException e) {
            throw e;
        } catch (IOException e) {
            throw new BrokenFileException("it is no JSON");
        }
    }

    List<FoundPackage> packages() {
        List<FoundPackage> all = new ArrayList<>(installed);
        locked.forEach((path, packages) -> {
            String folder = path.substring(0, path.length() - "package-lock.json".length());
            if (!folders.contains(folder + "node_modules")) {
                all.addAll(packages);
            }
        });
        return all;
    }

    private static FoundPackage found(String name, @Nullable String version, @Nullable String license, String path) {
        int slash = name.indexOf('/');
        String namespace = slash < 0 ? "" : name.substring(0, slash);
        String known = version == null ? "" : version;
        String url = PackageUrl.of("npm", namespace, name.substring(slash + 1), known, Map.of());
        return new FoundPackage(Kind.NPM, name, known, url, license == null ? "" : license, "", path);
    }

    // Since version 2 the paths below node_modules are the keys of `packages`; `dependencies` is the form of version 1.
    private static List<FoundPackage> lock(JsonParser in, String path) throws IOException {
        List<FoundPackage> packages = new ArrayList<>();
        List<FoundPackage> old = new ArrayList<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String field = in.currentName();
            in.nextToken();
            if ((field.equals("packages") || field.equals("dependencies"))
                    && in.currentToken() == JsonToken.START_OBJECT) {
                boolean paths = field.equals("packages");
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    String key = in.currentName();
                    in.nextToken();
                    Fields fields = Fields.read(in);
                    int last = key.lastIndexOf("node_modules/");
                    if (paths && last >= 0 && !fields.link) {
                        String name = key.substring(last + "node_modules/".length());
                        packages.add(
                                found(fields.name == null ? name : fields.name, fields.version, fields.license, path));
                    } else if (!paths && !key.isEmpty()) {
                        old.add(found(key, fields.version, fields.license, path));
                    }
                }
            } else {
                in.skipChildren();
            }
        }
        return packages.isEmpty() ? old : packages;
    }

    /// The fields of a package that count here.
    private static final class Fields {
        private @Nullable String name;
        private @Nullable String version;
        private @Nullable String license;
        private boolean link;

        static Fields read(JsonParser in) throws IOException {
            Fields fields = new Fields();
            if (in.currentToken() != JsonToken.START_OBJECT) {
                in.skipChildren();
                return fields;
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                JsonToken token = in.nextToken();
                switch (field) {
                    case "name" -> fields.name = text(in, token);
                    case "version" -> fields.version = text(in, token);
                    case "license" -> fields.license = license(in, token);
                    case "link" -> fields.link = token == JsonToken.VALUE_TRUE;
                    default -> in.skipChildren();
                }
            }
            return fields;
        }

        private static @Nullable String text(JsonParser in, JsonToken token) throws IOException {
            if (token == JsonToken.VALUE_STRING && !in.getText().isBlank()) {
                return in.getText();
            }
            in.skipChildren();
            return null;
        }

        // `"license": {"type": "MIT"}` is how it was once written.
        private static @Nullable String license(JsonParser in, JsonToken token) throws IOException {
            if (token != JsonToken.START_OBJECT) {
                return text(in, token);
            }
            String type = null;
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                JsonToken value = in.nextToken();
                if (field.equals("type")) {
                    type = text(in, value);
                } else {
                    in.skipChildren();
                }
            }
            return type;
        }
    }
}
