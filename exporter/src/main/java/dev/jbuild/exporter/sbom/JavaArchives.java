package dev.jbuild.exporter.sbom;

import dev.jbuild.exporter.sbom.FoundPackage.Kind;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/// Reads what a Java archive says of itself: Maven's `pom.properties`, else its manifest, else its name. Archives in
/// archives are read too.
final class JavaArchives {
    private static final Pattern NAMED = Pattern.compile("(.+?)-(\\d[\\w.+-]*)\\.\\w+");
    private static final int DEEPEST = 4;
    private static final int LARGEST_DOCUMENT = 1 << 20;
    // Of all that is unpacked of one archive: what a bomb may cost.
    private static final long MOST_BYTES = 2L << 30;

    private final List<FoundPackage> found = new ArrayList<>();
    private long bytes;

    private JavaArchives() {}

    static boolean isOne(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.endsWith(".jar") || lower.endsWith(".war") || lower.endsWith(".ear") || lower.endsWith(".par");
    }

    static List<FoundPackage> read(Path file, String path) throws BrokenFileException {
        JavaArchives archives = new JavaArchives();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Contents contents = new Contents();
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (counts(entry.getName())) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        archives.entry(entry.getName(), in, path, contents, 1);
                    }
                }
            }
            archives.add(contents, path);
        } catch (BrokenFileException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new BrokenFileException("it is no archive that can be read: " + e.getMessage());
        }
        return archives.found;
    }

    private static boolean counts(String name) {
        return isOne(name) || isProperties(name) || name.equals("META-INF/MANIFEST.MF");
    }

    private static boolean isProperties(String name) {
        return name.startsWith("META-INF/maven/") && name.endsWith("/pom.properties");
    }

    /// What one archive says of itself.
    private static final class Contents {
        private final List<Properties> poms = new ArrayList<>();
        private @Nullable Attributes manifest;
    }

    private void entry(String name, InputStream in, String path, Contents contents, int depth) throws IOException {
        if (isProperties(name)) {
            Properties properties = new Properties();
            properties.load(new ByteArrayInputStream(document(in)));
            contents.poms.add(properties);
        } else if (isOne(name)) {
            if (depth <= DEEPEST) {
                nested(in, path + "!/" + name, depth + 1);
            }
        } else {
            contents.manifest = new Manifest(new ByteArrayInputStream(document(in))).getMainAttributes();
        }
    }

    private byte[] document(InputStream in) throws IOException {
        byte[] content = in.readNBytes(LARGEST_DOCUMENT);
        count(content.length);
        return content;
    }

    private void count(long more) throws BrokenFileException {
        bytes += more;
        if (bytes > MOST_BYTES) {
            throw new BrokenFileException("the archives in it hold more than " + MOST_BYTES + " bytes");
        }
    }

    // Not closed: the archive around it goes on.
    private void nested(InputStream in, String path, int depth) throws IOException {
        Contents contents = new Contents();
        ZipInputStream zip = new ZipInputStream(new Counted(in));
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (counts(entry.getName())) {
                entry(entry.getName(), zip, path, contents, depth);
            } else {
                skip(zip);
            }
        }
        add(contents, path);
    }

    // What is unpacked only to get past it is counted too.
    private void skip(InputStream in) throws IOException {
        byte[] buffer = new byte[64 << 10];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            count(read);
        }
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            count(1);
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }
    }

    private void add(Contents contents, String path) {
        Attributes manifest = contents.manifest == null ? new Attributes() : contents.manifest;
        String license = text(manifest, "Bundle-License");
        String vendor = text(manifest, "Implementation-Vendor");
        boolean known = false;
        for (Properties pom : contents.poms) {
            String group = pom.getProperty("groupId", "").strip();
            String artifact = pom.getProperty("artifactId", "").strip();
            String version = pom.getProperty("version", "").strip();
            if (!artifact.isEmpty()) {
                add(group, artifact, version, contents.poms.size() == 1 ? license : "", vendor, path);
                known = true;
            }
        }
        if (known) {
            return;
        }
        String file = path.substring(path.lastIndexOf('/') + 1);
        Matcher named = NAMED.matcher(file);
        boolean matches = named.matches();
        String name = matches ? named.group(1) : file.substring(0, file.lastIndexOf('.'));
        String version = first(
                matches ? named.group(2) : "",
                text(manifest, "Implementation-Version"),
                text(manifest, "Bundle-Version"));
        if (version.isEmpty()) {
            // A name alone says too little to be told.
            return;
        }
        add(text(manifest, "Implementation-Vendor-Id"), name, version, license, vendor, path);
    }

    private void add(String group, String artifact, String version, String license, String vendor, String path) {
        String url = group.isEmpty()
                ? PackageUrl.of("generic", "", artifact, version, Map.of())
                : PackageUrl.of("maven", group, artifact, version, Map.of());
        found.add(new FoundPackage(
                Kind.MAVEN, group.isEmpty() ? artifact : group + ":" + artifact, version, url, license, vendor, path));
    }

    private static String first(String... texts) {
        for (String text : texts) {
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private static String text(Attributes manifest, String name) {
        String value = manifest.getValue(name);
        return value == null ? "" : value.strip();
    }
}
