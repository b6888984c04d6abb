package dev.jbuild.cli.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layerstore.fake.HostileTar;
import dev.jbuild.layerstore.fake.Shell;
import dev.jbuild.layerstore.oci.Digest;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The page in a real browser.
@Timeout(120)
class ExploreIT {
    private static final String EVIL = "<img src=x onerror=alert(1)>\u202etxt";
    private static final int MANY = 50_000;

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path directory;

    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start(directory.resolve("profile"));
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        // Its processes may still be writing while they end.
        Shell.run("rm -rf \"$1\" || rm -rf \"$1\"", directory);
    }

    @AfterEach
    void loadsNothingAndComplainsOfNothing() {
        assertThat(browser.events("Network.requestWillBeSent"))
                .extracting(event ->
                        event.path("params").path("request").path("url").asText())
                .allMatch(url -> url.startsWith("file://") && url.endsWith(".html"))
                .hasSize(1);
        assertThat(browser.events("Runtime.exceptionThrown")).isEmpty();
        assertThat(browser.events("Runtime.consoleAPICalled")).isEmpty();
        assertThat(browser.events("Log.entryAdded")).isEmpty();
        assertThat(browser.events("Page.javascriptDialogOpening")).isEmpty();
    }

    private static Path page(String name, List<HostileTar> layers) throws Exception {
        Path archive = directory.resolve(name + ".tar");
        List<String> instructions = IntStream.range(0, layers.size())
                .mapToObj(i -> "\"RUN step " + (i + 1) + " # buildkit\"")
                .toList();
        Files.write(archive, DockerSave.archive(name, instructions, layers));
        Path page = directory.resolve(name + ".html");
        try (ImageFile file = ImageFile.open(archive);
                Writer out = Files.newBufferedWriter(page)) {
            Analysis analysis =
                    Analysis.of(file.find("", new PlatformChoice.All()).images().getFirst(), List.of("Dockerfile:1"));
            PageReport.write(new Exploration(name, Digest.of(new byte[0]), List.of(analysis, analysis)), out);
        }
        return page;
    }

    private static List<HostileTar> layers() {
        return List.of(
                new HostileTar(0)
                        .file("etc/passwd", "root")
                        .file("etc/hosts", "localhost")
                        .file("var/cache/index", "x".repeat(500)),
                new HostileTar(1000).file("etc/passwd", "root and me").file("app/" + EVIL, "!"),
                new HostileTar(0).file("var/.wh.cache", "").symbolicLink("app/link", "/etc/passwd"));
    }

    private static String rows() throws Exception {
        return browser.text("""
                [...document.querySelectorAll('#rows > .row')]
                  .map(row => [...row.querySelectorAll('.mark, .label, .target, .size')]
                    .map(cell => cell.className === 'size' ? cell.textContent.replace(' ', '') : cell.textContent)
                    .join(' '))
                  .join('|')
                """);
    }

    private static void click(String id) throws Exception {
        browser.evaluate("document.getElementById('" + id + "').click()");
    }

    private static void search(String text) throws Exception {
        browser.evaluate("{ const box = document.getElementById('search'); box.value = " + '"' + text + '"'
                + "; box.dispatchEvent(new Event('input')); }");
    }

    @Test
    void layersAndFiles() throws Exception {
        browser.open(page("shop", layers()), 1280, 800);
        assertThat(browser.text("document.getElementById('figures').innerText.replace(/\\s+/g, ' ')"))
                .contains("Efficiency 2.6 %", "Wasted 504 B in 2 files", "Layers 3");
        assertThat(browser.text("document.querySelectorAll('.step').length")).isEqualTo("4");
        assertThat(browser.text("document.getElementById('layer-0').innerText.replace(/\\s+/g, ' ')"))
                .contains("Dockerfile:1", "RUN step 1", "513 B");

        // The whole image: the root is open, directories are closed.
        assertThat(rows()).isEqualTo("A app 1B|· etc 20B|· var 0B");

        // A layer shows what it changes, and the way there.
        click("layer-1");
        assertThat(rows()).isEqualTo("A app 1B|A <img src=x onerror=alert(1)>U+202Etxt 1B|· etc 11B|M passwd 11B");
        assertThat(browser.text("document.getElementById('found').textContent")).isEqualTo("3 changes");
        click("layer-2");
        assertThat(rows()).isEqualTo("· app 0B|A link → /etc/passwd |· var 0B|D cache 500B");

        // All of it, with the marks of the selected layer.
        click("only");
        assertThat(rows()).isEqualTo("· app 1B| etc 20B|· var 0B");

        // Two layers together: the file of the lower one is of the selection too.
        browser.evaluate("document.getElementById('layer-1')"
                + ".dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }))");
        assertThat(browser.text("document.querySelectorAll('.step[aria-selected=true]').length"))
                .isEqualTo("2");
        assertThat(rows()).contains("M passwd 11B", "D cache 500B", "A link → /etc/passwd ");
    }

    @Test
    void keysAndDetails() throws Exception {
        browser.open(page("keys", layers()), 1280, 800);
        browser.press("/");
        assertThat(browser.text("document.activeElement.id")).isEqualTo("search");
        search("passwd");
        assertThat(browser.text("document.getElementById('found').textContent")).isEqualTo("1 found");
        assertThat(rows()).isEqualTo("· etc 20B|M passwd 11B");
        browser.press("Enter");
        browser.press("ArrowDown");
        assertThat(browser.text("document.activeElement.id")).isEqualTo("tree");
        assertThat(
                        browser.text(
                                "document.getElementById("
                                        + "document.activeElement.getAttribute('aria-activedescendant')).querySelector('.label').innerText"))
                .isEqualTo("passwd");
        assertThat(browser.text("document.getElementById('details').innerText.replace(/\\s+/g, ' ')"))
                .isEqualTo("/etc/passwd layer 1 A added, 4 B, -rw-r--r-- 0644 0:0, wasted"
                        + " layer 2 M changed, 11 B, -rw-r--r-- 0644 1000:1000");
        browser.press("ArrowLeft");
        browser.press("ArrowLeft");
        assertThat(rows()).isEqualTo("· etc 20B");
        search("*.nothing");
        assertThat(browser.text("document.getElementById('rows').innerText")).isEqualTo("No such file here.");
        search("/etc/*s*");
        assertThat(rows()).isEqualTo("· etc 20B| hosts 9B|M passwd 11B");
    }

    @Test
    void listsThemesAndPlatforms() throws Exception {
        browser.open(page("lists", layers()), 1280, 800);
        click("tab-wasted");
        assertThat(browser.text("[...document.querySelectorAll('#wasted tbody tr')].map(row => row.innerText"
                        + ".replace(/\\s+/g, ' ')).join('|')"))
                .isEqualTo("500 B 1 1, 3 (removed) /var/cache/index|4 B 2 1, 2 /etc/passwd");
        browser.evaluate("document.querySelector('#wasted tbody button').click()");
        assertThat(browser.text("document.getElementById('files').hidden")).isEqualTo("false");
        assertThat(browser.text("document.querySelector('[role=row][aria-selected=true] .label').innerText"))
                .isEqualTo("index");

        browser.dark(false);
        String light = ground();
        browser.dark(true);
        String dark = ground();
        assertThat(dark).isNotEqualTo(light);
        click("theme");
        assertThat(ground()).as("the button goes against the system").isEqualTo(light);

        assertThat(browser.text("document.getElementById('platforms').hidden")).isEqualTo("false");
        browser.evaluate("{ const box = document.getElementById('platform'); box.value = 1;"
                + " box.dispatchEvent(new Event('change')); }");
        assertThat(rows()).isEqualTo("A app 1B|· etc 20B|· var 0B");
    }

    private static String ground() throws Exception {
        return browser.text("getComputedStyle(document.body).backgroundColor");
    }

    /// Not a matter of time, which differs between machines, but of how much there is to draw.
    @Test
    void manyFilesAreFewRows() throws Exception {
        HostileTar many = new HostileTar(0);
        for (int i = 0; i < MANY; i++) {
            many.file("files/%03d/%05d.txt".formatted(i % 500, i), "");
        }
        Path page = page("many", List.of(many));
        assertThat(Files.size(page)).as("bytes for a file").isLessThan(60L * MANY);
        browser.open(page, 1280, 800);
        assertThat(browser.text("document.getElementById('found').textContent")).isEqualTo("50,000 files");
        search(".txt");
        assertThat(browser.text("document.getElementById('found').textContent")).isEqualTo("50,000 found");
        assertThat(browser.evaluate("document.querySelectorAll('*').length").asInt())
                .as("elements in the page")
                .isLessThan(1000);
        assertThat(browser.evaluate("document.getElementById('tree').scrollHeight")
                        .asInt())
                .isEqualTo(24 * (MANY + 500 + 1));
        browser.evaluate("document.getElementById('tree').focus()");
        browser.press("End");
        assertThat(browser.text("document.querySelector('[role=row][aria-selected=true] .label').innerText"))
                .isEqualTo("49999.txt");
        assertThat(browser.evaluate("document.querySelectorAll('#rows > .row').length")
                        .asInt())
                .isBetween(10, 60);
    }
}
