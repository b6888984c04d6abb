package dev.jbuild.exporter;

import dev.jbuild.exporter.attestation.JsonTree;
import dev.jbuild.exporter.attestation.Predicate;
import dev.jbuild.exporter.attestation.Statement;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.OpenFile;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.layerstore.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is told of files, as files beside them: in-toto statements whose subjects are all regular files of the result.
final class AttestationFiles {
    private static final int BUFFER = 64 << 10;

    private AttestationFiles() {}

    /// The statements of one root file system by file name.
    ///
    /// @param prefix goes before each name
    /// @param several whether the files of several platforms lie in one folder, so that names must tell them apart
    /// @throws ExportException if the result itself has a file of such a name
    static SortedMap<String, byte[]> of(
            RootFileSystems.Part part, List<Predicate> predicates, String prefix, boolean several) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        List<Predicate> wanted =
                predicates.stream().filter(each -> !each.inlineOnly()).toList();
        if (wanted.isEmpty()) {
            return files;
        }
        try (OpenDirectory root = OpenDirectory.open(part.rootfs())) {
            List<Statement.Subject> subjects = new ArrayList<>();
            subjects(root, "", subjects);
            for (Predicate predicate : wanted) {
                String name = prefix + (several ? forPlatform(predicate.file(), part.platform()) : predicate.file());
                if (root.stat(name.getBytes(StandardCharsets.UTF_8)) != null) {
                    throw ExportException.usage("the result has a file " + name
                            + " of its own, where its attestation would go; give attestations other names with"
                            + " attestation-prefix=PREFIX");
                }
                if (files.put(name, JsonTree.indented(Statement.of(predicate, subjects))) != null) {
                    throw ExportException.usage("two attestations would be written to " + name);
                }
            }
        }
        return files;
    }

    private static String forPlatform(String file, String platform) {
        int dot = file.lastIndexOf('.');
        return file.substring(0, dot < 0 ? file.length() : dot) + "." + platform.replace('/', '_')
                + (dot < 0 ? "" : file.substring(dot));
    }

    private static void subjects(OpenDirectory directory, String path, List<Statement.Subject> subjects)
            throws IOException {
        for (byte[] name : directory.names()) {
            if (Thread.interrupted()) {
                throw new InterruptedIOException();
            }
            Stat stat = directory.stat(name);
            String below = path + new String(name, StandardCharsets.UTF_8);
            if (stat != null && stat.isDirectory()) {
                try (OpenDirectory child = directory.directory(name)) {
                    subjects(child, below + "/", subjects);
                }
            } else if (stat != null && stat.isRegular()) {
                subjects.add(new Statement.Subject(below, hash(directory, name)));
            }
        }
    }

    private static Digest hash(OpenDirectory directory, byte[] name) throws IOException {
        var hash = Digest.newSha256();
        try (OpenFile file = directory.read(name);
                InputStream content = file.input()) {
            byte[] buffer = new byte[BUFFER];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                hash.update(buffer, 0, read);
            }
        }
        return Digest.ofHash(hash.digest());
    }
}
