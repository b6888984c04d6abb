package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.registry.RegistrySettings.KeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The certificates of one host as Docker, Podman and containerd keep them: authorities in `*.crt`, and
/// key pairs in `*.cert` and `*.key` of the same name.
record CertificateFolder(List<Path> ca, List<KeyPair> keyPairs) {
    CertificateFolder {
        ca = List.copyOf(ca);
        keyPairs = List.copyOf(keyPairs);
    }

    /// What the first of these folders has that knows the host; nothing if none does.
    static CertificateFolder of(List<Path> folders, String host) throws IOException {
        for (Path folder : folders) {
            Path own = folder.resolve(host);
            if (Files.isDirectory(own)) {
                return read(own);
            }
        }
        return new CertificateFolder(List.of(), List.of());
    }

    /// What is in this folder.
    ///
    /// @throws IOException naming the file that lacks its other half
    static CertificateFolder read(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new IOException("cannot read certificates from " + folder + ": it is no directory", e);
        } catch (IOException e) {
            throw new IOException("cannot read certificates from " + folder + ": " + e, e);
        }
        List<Path> ca = new ArrayList<>();
        List<KeyPair> keyPairs = new ArrayList<>();
        for (Path file : files) {
            String name = file.toString();
            if (name.endsWith(".crt")) {
                ca.add(file);
            } else if (name.endsWith(".cert")) {
                Path key = Path.of(name.substring(0, name.length() - ".cert".length()) + ".key");
                if (!files.contains(key)) {
                    throw new IOException("there is no key " + key + " for the client certificate " + file
                            + "; authorities end in .crt");
                }
                keyPairs.add(new KeyPair(file, key));
            }
        }
        return new CertificateFolder(ca, keyPairs);
    }

    /// These settings, and what is here.
    RegistrySettings added(RegistrySettings settings) {
        if (ca.isEmpty() && keyPairs.isEmpty()) {
            return settings;
        }
        return new RegistrySettings(
                settings.mirrors(),
                settings.http(),
                settings.insecure(),
                Stream.concat(settings.ca().stream(), ca.stream()).toList(),
                Stream.concat(settings.keyPairs().stream(), keyPairs.stream()).toList());
    }
}
