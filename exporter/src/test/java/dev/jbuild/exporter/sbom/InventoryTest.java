package dev.jbuild.exporter.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryTest {
    @TempDir
    private Path root;

    @BeforeEach
    void isDebian() throws IOException {
        write("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME='Debian 12'\n");
    }

    private Path write(String path, String content) throws IOException {
        return write(path, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Path write(String path, byte[] content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    /// What is found, as package URLs.
    private List<String> found() throws IOException {
        return Inventory.of(root).packages().stream().map(FoundPackage::purl).toList();
    }

    @Test
    void dpkgKnowsWhatIsInstalled() throws IOException {
        write("var/lib/dpkg/status", """
                Package: libc6
                Status: install ok installed
                Maintainer: GNU Libc Maintainers <libc@example.org>
                Architecture: amd64
                Source: glibc (2.36-9)
                Version: 2.36-9+deb12u4
                Description: a library
                 that goes on
                 Package: not this

                Package: gone
                Status: deinstall ok config-files
                Version: 1

                Package: held
                Status: hold ok installed
                Version: 1:2~rc1
                Architecture: all
                """);
        assertThat(found())
                .containsExactly(
                        "pkg:deb/debian/held@1:2~rc1?arch=all&distro=debian-12",
                        "pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc%402.36-9");
        assertThat(Inventory.of(root).packages().getLast().supplier())
                .isEqualTo("GNU Libc Maintainers <libc@example.org>");
    }

    @Test
    void imagesWithoutDpkgHaveAFileForEachPackage() throws IOException {
        write("var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2024a\nArchitecture: all\n");
        write("var/lib/dpkg/status.d/tzdata.md5sums", "Package: none\n");
        assertThat(found()).containsExactly("pkg:deb/debian/tzdata@2024a?arch=all&distro=debian-12");
    }

    @Test
    void apkKnowsWhatIsInstalled() throws IOException {
        write("etc/os-release", "ID=alpine\nVERSION_ID=3.19.1\n");
        write("lib/apk/db/installed", """
                C:Q1abc=
                P:musl
                V:1.2.4-r2
                A:x86_64
                L:MIT
                o:musl
                m:Someone <someone@example.org>

                P:ssl_client
                V:1.36.1-r15
                A:x86_64
                o:busybox
                L:GPL-2.0-only
                """);
        assertThat(found())
                .containsExactly(
                        "pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.19.1",
                        "pkg:apk/alpine/ssl_client@1.36.1-r15?arch=x86_64&distro=alpine-3.19.1&upstream=busybox");
    }

    /// The database was made by rpm 4.18. Of its two rows one is longer than a page.
    @Test
    void rpmKnowsWhatIsInstalled() throws IOException {
        write("etc/os-release", "ID=fedora\nVERSION_ID=39\n");
        write("var/lib/rpm/rpmdb.sqlite", rpmDatabase());
        assertThat(found())
                .containsExactly(
                        "pkg:rpm/fedora/demo@1.2-3?arch=noarch&distro=fedora-39&epoch=4&upstream=demo-1.2-3.src.rpm",
                        "pkg:rpm/fedora/other@1.2-3?arch=noarch&distro=fedora-39&upstream=other-1.2-3.src.rpm");
    }

    private static byte[] rpmDatabase() throws IOException {
        Path packed = Path.of(System.getProperty("jbuild.testdata"), "sbom/rpmdb.sqlite.gz");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    @Test
    void otherDatabasesOfRpmAreMentioned() throws IOException {
        write("usr/lib/sysimage/rpm/Packages.db", "RpmP");
        write("var/lib/rpm/Packages", "x");
        assertThat(Inventory.of(root).warnings())
                .anyMatch(
                        warning -> warning.startsWith("/usr/lib/sysimage/rpm/Packages.db: ") && warning.contains("ndb"))
                .anyMatch(warning -> warning.startsWith("/var/lib/rpm/Packages: ") && warning.contains("Berkeley"));
    }

    /// What is damaged costs a warning, and neither time nor the rest of the list.
    @Test
    void aDamagedDatabaseIsMentioned() throws IOException {
        byte[] database = rpmDatabase();
        write("var/lib/dpkg/status", "Package: a\nVersion: 1\n");
        for (int i = 0; i < 400; i++) {
            byte[] damaged = database.clone();
            int at = (i * 7919) % damaged.length;
            damaged[at] ^= (byte) 0xff;
            damaged[(at * 31 + 100) % 4096] ^= (byte) (1 << (i % 8));
            write("var/lib/rpm/rpmdb.sqlite", i % 5 == 0 ? java.util.Arrays.copyOf(damaged, at + 1) : damaged);
            assertThat(found()).contains("pkg:deb/debian/a@1?distro=debian-12");
        }
    }

    @Test
    void npmLeavesADocumentForEachPackage() throws IOException {
        write("app/node_modules/left/package.json", "{\"name\":\"left\",\"version\":\"1.0.0\",\"license\":\"MIT\"}");
        write("app/node_modules/@scope/pad/package.json", """
                {"scripts": {"name": "no"}, "name": "@scope/pad", "version": "2.0.0", "license": {"type": "ISC"}}
                """);
        write("app/node_modules/left/node_modules/deep/package.json", "{\"name\":\"deep\",\"version\":\"3.0.0\"}");
        write("app/node_modules/left/test/package.json", "{\"name\":\"a-test\",\"version\":\"1\"}");
        write("app/package.json", "{\"name\":\"the-app\",\"version\":\"1\"}");
        write("app/package-lock.json", "{\"packages\":{\"node_modules/locked\":{\"version\":\"1.0.0\"}}}");
        assertThat(found()).containsExactly("pkg:npm/%40scope/pad@2.0.0", "pkg:npm/deep@3.0.0", "pkg:npm/left@1.0.0");
    }

    @Test
    void aLockFileTellsOfPackagesThatAreNotInstalledBesideIt() throws IOException {
        write("bundled/package-lock.json", """
                {"name": "app", "lockfileVersion": 3, "packages": {"": {"name": "app", "version": "1"},
                 "node_modules/a": {"version": "1.0.0", "license": "MIT"},
                 "node_modules/a/node_modules/@s/b": {"version": "2.0.0"},
                 "node_modules/linked": {"resolved": "lib", "link": true}}}
                """);
        write("old/package-lock.json", "{\"lockfileVersion\":1,\"dependencies\":{\"c\":{\"version\":\"3.0.0\"}}}");
        assertThat(found()).containsExactly("pkg:npm/%40s/b@2.0.0", "pkg:npm/a@1.0.0", "pkg:npm/c@3.0.0");
    }

    private static byte[] zip(Object... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry(String.valueOf(namesAndContents[i])));
                zip.write(
                        namesAndContents[i + 1] instanceof byte[] content
                                ? content
                                : String.valueOf(namesAndContents[i + 1]).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void aJavaArchiveSaysWhatItIs() throws IOException {
        byte[] inner = zip(
                "META-INF/maven/org.example/inner/pom.properties",
                "groupId=org.example\nartifactId=inner\nversion=1.1\n");
        write(
                "app.jar",
                zip(
                        "META-INF/maven/org.example/app/pom.properties",
                        "groupId=org.example\nartifactId=app\nversion=1.0\n",
                        "BOOT-INF/lib/inner-1.1.jar",
                        inner));
        write("lib/named-2.3-beta.jar", zip("a.class", "x"));
        write("lib/titled.jar", zip("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nBundle-Version: 4.5\n"));
        write("lib/nothing.jar", zip("a.class", "x"));
        write("lib/broken.jar", "no archive");
        assertThat(found())
                .containsExactly(
                        "pkg:generic/named@2.3-beta",
                        "pkg:maven/org.example/app@1.0",
                        "pkg:maven/org.example/inner@1.1",
                        "pkg:generic/titled@4.5");
        assertThat(Inventory.of(root).packages().get(2).foundIn()).isEqualTo("app.jar!/BOOT-INF/lib/inner-1.1.jar");
        assertThat(Inventory.of(root).warnings()).singleElement().asString().startsWith("/lib/broken.jar: ");
    }

    /// A program as the linker of Go leaves it: with one section, whose strings follow the header.
    private static byte[] goProgram(String modules) {
        byte[] names = "\0.go.buildinfo\0".getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.writeBytes("\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1));
        info.writeBytes(new byte[] {8, 2});
        info.writeBytes(new byte[16]);
        string(info, "go1.21.5 X:boringcrypto");
        string(info, "0123456789abcdef" + modules + "0123456789abcdef");
        int namesAt = 64;
        int infoAt = 128;
        int sectionsAt = infoAt + info.size();
        ByteBuffer elf = ByteBuffer.allocate(sectionsAt + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        elf.putLong(40, sectionsAt)
                .putShort(58, (short) 64)
                .putShort(60, (short) 3)
                .putShort(62, (short) 1);
        elf.put(namesAt, names).put(infoAt, info.toByteArray());
        elf.putLong(sectionsAt + 64 + 24, namesAt).putLong(sectionsAt + 64 + 32, names.length);
        elf.putInt(sectionsAt + 128, 1);
        elf.putLong(sectionsAt + 128 + 24, infoAt).putLong(sectionsAt + 128 + 32, info.size());
        return elf.array();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        int length = text.length();
        for (; length >= 0x80; length >>= 7) {
            out.write(length | 0x80);
        }
        out.write(length);
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aProgramInGoTellsItsModules() throws IOException {
        Path program = write("bin/app", goProgram("""
                path\texample.com/app/cmd
                mod\texample.com/app\t(devel)\t
                dep\tgithub.com/pkg/errors\tv0.9.1\th1:abc=
                dep\texample.com/old\tv1.0.0
                =>\texample.com/fork\tv1.0.1\th1:def=
                dep\texample.com/local\tv1.0.0
                =>\t./local\t(devel)\t
                build\t-ldflags\tv1
                """));
        assertThat(found()).as("not a program if nobody may run it").isEmpty();
        assertThat(program.toFile().setExecutable(true)).isTrue();
        assertThat(found())
                .containsExactly(
                        "pkg:golang/example.com/app",
                        "pkg:golang/example.com/fork@v1.0.1",
                        "pkg:golang/example.com/local@v1.0.0",
                        "pkg:golang/github.com/pkg/errors@v0.9.1",
                        "pkg:golang/stdlib@1.21.5");
    }

    @Test
    void noLinkLeadsOut() throws IOException {
        Path outside = Files.createDirectory(root.resolveSibling(root.getFileName() + "-outside"));
        try {
            Files.writeString(outside.resolve("status"), "Package: outside\nVersion: 1\n");
            Files.createDirectories(root.resolve("var/lib"));
            Files.createSymbolicLink(root.resolve("var/lib/dpkg"), outside);
            assertThat(found()).isEmpty();
        } finally {
            Files.delete(outside.resolve("status"));
            Files.delete(outside);
        }
    }
}
