package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RmiCommandTest {
    @TempDir
    Path root;

    private Cli jbuild;
    private Descriptor app;

    /// Two names in one repository, and one in another.
    @BeforeEach
    void images() throws InterruptedException {
        jbuild = new Cli(root);
        try (LayerStore store = LayerStore.open(root)) {
            StoreFixture fixture = new StoreFixture(store);
            app = fixture.image("team/app:1", 100);
            fixture.named("team/app:2", app);
            fixture.named("localhost:5000/app", app);
        }
    }

    private List<Digest> blobs() throws InterruptedException {
        try (LayerStore store = LayerStore.open(root)) {
            return store.content().list().toList();
        }
    }

    private String id() {
        return jbuild.run("images", "-q", "--no-trunc", "team/app:1").out().strip();
    }

    @Test
    void theLastNameTakesTheImageWithIt() throws InterruptedException {
        String id = id();
        assertThat(jbuild.run("rmi", "team/app:2").out()).isEqualTo("Untagged: team/app:2\n");
        assertThat(jbuild.run("rmi", "localhost:5000/app@" + app.digest()).out())
                .isEqualTo("Untagged: localhost:5000/app:latest\n");
        assertThat(blobs()).hasSize(3);
        assertThat(jbuild.run("rmi", id.substring("sha256:".length(), 20)).out())
                .isEqualTo("Untagged: team/app:1\nDeleted: " + id + "\n");
        assertThat(blobs()).isEmpty();
    }

    @Test
    void anIdStandsForAllNamesOfOneRepository() throws InterruptedException {
        String id = id();
        Cli.Result refused = jbuild.run("rmi", id);
        assertThat(refused.code()).isEqualTo(ExitCode.STORE_OR_REGISTRY);
        assertThat(refused.err())
                .contains(
                        "has names in 2 repositories: ", "team/app:2", "; remove them one by one, or all with --force");
        assertThat(jbuild.run("rmi", "localhost:5000/app").out()).isEqualTo("Untagged: localhost:5000/app:latest\n");
        assertThat(jbuild.run("rmi", id).out())
                .isEqualTo("Untagged: team/app:1\nUntagged: team/app:2\nDeleted: " + id + "\n");
    }

    @Test
    void whatOthersNeedStays() throws InterruptedException {
        try (LayerStore store = LayerStore.open(root)) {
            // The same layer, and another configuration.
            new StoreFixture(store).index("both", 100, 200);
        }
        int before = blobs().size();
        assertThat(jbuild.run("rmi", "--force", id()).out()).contains("Deleted: ");
        assertThat(blobs()).hasSize(before);
        assertThat(jbuild.run("inspect", "both").code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void whileABuildUsesTheStoreOnlyNamesGo() throws InterruptedException {
        try (LayerStore _ = LayerStore.open(root)) {
            Cli.Result result = jbuild.run("rmi", "--force", id());
            assertThat(result.code()).isEqualTo(ExitCode.OK);
            assertThat(result.out()).hasLineCount(3).doesNotContain("Deleted");
            assertThat(result.err()).startsWith("WARNING: a build uses the store, so that only names are gone");
        }
        assertThat(blobs()).hasSize(3);
        assertThat(jbuild.run("prune", "-f").out()).startsWith("Total reclaimed space: ");
        assertThat(blobs()).isEmpty();
    }

    @Test
    void theBeginningOfSeveralIdsIsRefusedWithThem() throws InterruptedException {
        try (LayerStore store = LayerStore.open(root)) {
            // Of the first few hundred sizes, these have manifests whose digests begin alike.
            for (int size : new int[] {168, 229}) {
                new StoreFixture(store).image("size:" + size, size);
            }
        }
        Cli.Result result = jbuild.run("rmi", "e259");
        assertThat(result.code()).isEqualTo(ExitCode.STORE_OR_REGISTRY);
        assertThat(result.err())
                .contains(
                        "\"e259\" is the beginning of 2 image IDs: e259024dbc103b5e, e25910dbe838576d; give more of it");
        assertThat(jbuild.run("rmi", "e2590").out()).startsWith("Untagged: size:168\nDeleted: sha256:");
    }
}
