package dev.jbuild.layerstore.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayIT {
    @TempDir
    Path temp;

    @BeforeAll
    static void needsRoot() {
        assumeTrue(Kernel.effectiveUser() == 0, "not root: overlay cannot be mounted");
    }

    @AfterEach
    void unmount() throws Exception {
        Kernel.detachMountsBelow(temp);
    }

    private List<Path> layers(int count) throws Exception {
        List<Path> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // Names that would be separators in the text of mount options.
            Path layer = Files.createDirectories(temp.resolve("a,b:c\\d/" + "long".repeat(20) + i));
            Files.writeString(layer.resolve("last"), "" + i);
            Files.writeString(layer.resolve("of" + i), "");
            layers.add(layer);
        }
        return layers;
    }

    private Path directory(String name) throws Exception {
        return Files.createDirectory(temp.resolve(name));
    }

    @Test
    void bothWaysOfMountingGiveTheSame() throws Exception {
        List<Path> layers = layers(130);
        Path one = directory("one");
        Path two = directory("two");
        Overlay.Layers first = new Overlay.Layers(layers, directory("upper 1"), directory("work 1"));
        Overlay.Layers second = new Overlay.Layers(layers, directory("upper 2"), directory("work 2"));
        Overlay.mount(first, one);
        Overlay.mountByOptions(second, two);
        for (Path root : List.of(one, two)) {
            assertThat(root.resolve("last")).hasContent("129");
            Files.delete(root.resolve("of7"));
            Files.createDirectory(root.resolve("new"));
            try (var files = Files.list(root)) {
                assertThat(files).hasSize(131);
            }
            Kernel.unmount(root);
        }
        for (String upper : List.of("upper 1", "upper 2")) {
            Stat stat = Kernel.stat(temp.resolve(upper).resolve("of7"));
            assertThat(stat).isNotNull().extracting(Stat::isWhiteout).isEqualTo(true);
            // A new directory hides nothing, and must not say so.
            assertThat(Kernel.xattrNames(temp.resolve(upper).resolve("new"))).isEmpty();
        }
    }

    @Test
    void tooManyLayersForAnOldKernelAreNamed() throws Exception {
        List<Path> layers = layers(260);
        Path target = directory("target");
        assertThatThrownBy(() -> Overlay.mountByOptions(new Overlay.Layers(layers, null, null), target))
                .hasMessageContaining("260 layers")
                .hasMessageContaining("Linux 6.8");
    }

    @Test
    void whatTheKernelSaysIsPassedOn() throws Exception {
        Path target = directory("target");
        Path missing = temp.resolve("missing");
        assertThatThrownBy(() -> Overlay.mount(new Overlay.Layers(List.of(missing, missing), null, null), target))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining(missing.toString());
        List<Path> layers = layers(1);
        Path file = Files.createFile(temp.resolve("file"));
        Overlay.Layers twisted = new Overlay.Layers(layers, file, directory("work"));
        assertThatThrownBy(() -> Overlay.mount(twisted, target))
                .isInstanceOf(KernelException.class)
                .hasMessageContainingAll(target.toString(), "EINVAL", "not a directory");
    }

    @Test
    void mountsBelowADirectoryAreFoundDeepestFirst() throws Exception {
        Path one = directory("o n\te\\");
        Kernel.mountTmpfs(one, "size=1m");
        Path inner = Files.createDirectory(one.resolve("inner"));
        Kernel.bindMount(temp, inner);
        Kernel.mountTmpfs(directory("o n\te\\2"), "size=1m");
        assertThat(Kernel.mountsBelow(one)).containsExactly(inner.toRealPath(), one.toRealPath());
        Kernel.detachMountsBelow(one);
        assertThat(Kernel.mountsBelow(one)).isEmpty();
        assertThat(Kernel.mountsBelow(temp)).hasSize(1);
    }

    @Test
    void aReadOnlyBindMountCannotBeWritten() throws Exception {
        Path source = directory("source");
        Path target = directory("target");
        Kernel.bindMountReadOnly(source, target);
        assertThatThrownBy(() -> Files.createFile(target.resolve("f"))).hasMessageContaining("Read-only");
        Files.createFile(source.resolve("f"));
        assertThat(target.resolve("f")).exists();
    }
}
