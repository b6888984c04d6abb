package dev.jbuild.exporter.sbom;

import dev.jbuild.exporter.sbom.FoundPackage.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the modules that a program written in Go was linked from: the linker leaves them in the program.
final class GoPrograms {
    private static final byte[] MAGIC = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
    private static final int HEADER = 32;
    private static final int POINTER_SIZE_AT = 14;
    private static final int FLAGS_AT = 15;
    private static final int BIG_ENDIAN = 1;
    private static final int INLINE = 2;
    private static final int ALIGNMENT = 16;
    private static final int SEARCHED = 64 << 10;
    private static final int LONGEST = 16 << 20;
    private static final int FRAME = 16;

    private GoPrograms() {}

    /// The modules of a program; none if the file is no program of Go.
    static List<FoundPackage> read(FileBytes file, String path) throws IOException {
        ElfFile elf = ElfFile.open(file);
        if (elf == null) {
            return List.of();
        }
        ElfFile.Part part = elf.section(".go.buildinfo");
        if (part == null) {
            part = elf.writableData();
        }
        String[] info = part == null ? null : buildInfo(elf, file, part);
        return info == null ? List.of() : packages(info[0], info[1], path);
    }

    // The version of Go, and the modules.
    private static String @Nullable [] buildInfo(ElfFile elf, FileBytes file, ElfFile.Part part) throws IOException {
        byte[] data = file.read(part.offset(), (int) Math.min(part.size(), SEARCHED));
        int at = find(data);
        if (at < 0) {
            return null;
        }
        long offset = part.offset() + at;
        byte[] header = file.read(offset, HEADER);
        if (header.length < HEADER) {
            return null;
        }
        if ((header[FLAGS_AT] & INLINE) != 0) {
            Inline strings = new Inline(file, offset + HEADER);
            return new String[] {strings.next(), modules(strings.next())};
        }
        // Before Go 1.18: two pointers to Go's strings, each a pointer and a length.
        boolean big = (header[FLAGS_AT] & BIG_ENDIAN) != 0;
        int size = header[POINTER_SIZE_AT];
        if (size != 4 && size != 8) {
            return null;
        }
        return new String[] {
            pointed(elf, file, ElfFile.number(header, 16, size, big), size, big),
            modules(pointed(elf, file, ElfFile.number(header, 16 + size, size, big), size, big))
        };
    }

    private static int find(byte[] data) {
        for (int i = 0; i + HEADER <= data.length; i += ALIGNMENT) {
            if (java.util.Arrays.equals(data, i, i + MAGIC.length, MAGIC, 0, MAGIC.length)) {
                return i;
            }
        }
        return -1;
    }

    private static String pointed(ElfFile elf, FileBytes file, long address, int size, boolean big) throws IOException {
        byte[] string = file.read(elf.offset(address), 2 * size);
        if (string.length < 2 * size) {
            return "";
        }
        long length = ElfFile.number(string, size, size, big);
        if (length < 0 || length > LONGEST) {
            throw new BrokenFileException("its list of Go modules is too long");
        }
        long text = elf.offset(ElfFile.number(string, 0, size, big));
        return new String(file.read(text, (int) length), StandardCharsets.ISO_8859_1);
    }

    /// Strings that stand one after another, each after its length.
    private static final class Inline {
        private final FileBytes file;
        private long offset;

        Inline(FileBytes file, long offset) {
            this.file = file;
            this.offset = offset;
        }

        String next() throws IOException {
            byte[] start = file.read(offset, 10);
            long length = 0;
            for (int i = 0; i < start.length; i++) {
                length |= (long) (start[i] & 0x7f) << (7 * i);
                if (start[i] >= 0) {
                    offset += i + 1;
                    if (length < 0 || length > LONGEST) {
                        throw new BrokenFileException("its list of Go modules is too long");
                    }
                    byte[] text = file.read(offset, (int) length);
                    offset += length;
                    return new String(text, StandardCharsets.ISO_8859_1);
                }
            }
            return "";
        }
    }

    // The list stands between two marks of sixteen bytes.
    private static String modules(String framed) {
        int length = framed.length();
        return length >= 2 * FRAME + 1 && framed.charAt(length - FRAME - 1) == '\n'
                ? framed.substring(FRAME, length - FRAME)
                : "";
    }

    private static List<FoundPackage> packages(String go, String modules, String path) {
        List<FoundPackage> packages = new ArrayList<>();
        String version = go.startsWith("go") ? go.substring(2).split(" ", 2)[0] : "";
        if (!version.isEmpty()) {
            packages.add(new FoundPackage(
                    Kind.GO,
                    "stdlib",
                    version,
                    PackageUrl.of("golang", "", "stdlib", version, Map.of()),
                    "BSD-3-Clause",
                    "",
                    path));
        }
        for (String line :
                new String(modules.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).split("\n")) {
            String[] fields = line.split("\t", -1);
            if (fields.length < 3 || fields[1].isEmpty()) {
                continue;
            }
            switch (fields[0]) {
                case "mod", "dep" -> packages.add(module(fields[1], fields[2], path));
                // What stands in the place of the module before it.
                case "=>" -> {
                    if (!packages.isEmpty() && !fields[1].startsWith(".") && !fields[1].startsWith("/")) {
                        packages.removeLast();
                        packages.add(module(fields[1], fields[2], path));
                    }
                }
                default -> {}
            }
        }
        return packages;
    }

    private static FoundPackage module(String name, String version, String path) {
        // What was built from a working tree has no version.
        String known = version.equals("(devel)") ? "" : version;
        int slash = name.lastIndexOf('/');
        String url = PackageUrl.of(
                "golang", slash < 0 ? "" : name.substring(0, slash), name.substring(slash + 1), known, Map.of());
        return new FoundPackage(Kind.GO, name, known, url, "", "", path);
    }
}
