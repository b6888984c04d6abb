package dev.jbuild.exporter;

import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The files in an output directory that no root file system of the result has.
final class OtherFiles {
    private OtherFiles() {}

    /// Removes them. Directories that stay keep their modes and times. No symbolic link is followed.
    static void remove(List<RootFileSystems.Part> parts, OpenDirectory target) throws IOException {
        Set<String> folders = parts.stream()
                .map(RootFileSystems.Part::folder)
                .map(String::valueOf)
                .collect(Collectors.toSet());
        boolean split = parts.stream().allMatch(part -> part.folder() != null);
        List<OpenDirectory> sources = new ArrayList<>();
        try {
            for (RootFileSystems.Part part : parts) {
                sources.add(OpenDirectory.open(part.rootfs()));
            }
            for (byte[] name : target.names()) {
                String text = new String(name, StandardCharsets.UTF_8);
                if (StagingArea.isOne(text)) {
                    continue;
                }
                if (!split) {
                    removeUnless(sources, target, name);
                } else if (!folders.contains(text)) {
                    target.removeTree(name);
                }
            }
            for (int i = 0; split && i < parts.size(); i++) {
                byte[] folder = String.valueOf(parts.get(i).folder()).getBytes(StandardCharsets.UTF_8);
                removeBelow(List.of(sources.get(i)), target, folder);
            }
        } finally {
            close(sources);
        }
    }

    // What is a directory in some of the sources is looked into.
    private static void removeUnless(List<OpenDirectory> sources, OpenDirectory target, byte[] name)
            throws IOException {
        boolean found = false;
        List<OpenDirectory> directories = new ArrayList<>();
        try {
            for (OpenDirectory source : sources) {
                Stat stat = source.stat(name);
                found |= stat != null;
                if (stat != null && stat.isDirectory()) {
                    directories.add(source.directory(name));
                }
            }
            if (!found) {
                target.removeTree(name);
            } else if (!directories.isEmpty()) {
                removeBelow(directories, target, name);
            }
        } finally {
            close(directories);
        }
    }

    private static void removeBelow(List<OpenDirectory> sources, OpenDirectory parent, byte[] name) throws IOException {
        Stat before = parent.stat(name);
        if (before == null) {
            return;
        }
        boolean locked = (before.permissions() & 0700) != 0700;
        if (locked) {
            parent.chmod(name, before.permissions() | 0700);
        }
        try (OpenDirectory directory = parent.directory(name)) {
            for (byte[] entry : directory.names()) {
                removeUnless(sources, directory, entry);
            }
        }
        if (locked) {
            parent.chmod(name, before.permissions());
        }
        parent.setTimes(name, before.mtimeSeconds(), before.mtimeNanos());
    }

    private static void close(List<OpenDirectory> directories) {
        directories.forEach(OpenDirectory::close);
    }
}
