package dev.jbuild.layerstore.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException.Kind;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContentStoreTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path temp;

    private LayerStore store;
    private ContentStore content;

    @BeforeEach
    void open() throws Exception {
        store = LayerStore.open(temp.resolve("store"));
        content = store.content();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatWasPutIsThere() {
        Descriptor hello = content.put("text/plain", HELLO);
        assertThat(hello).isEqualTo(new Descriptor("text/plain", Digest.of(HELLO), 5));
        assertThat(content.put("text/plain", HELLO)).isEqualTo(hello);
        assertThat(content.contains(hello.digest())).isTrue();
        assertThat(content.size(hello.digest())).isEqualTo(5);
        assertThat(content.read(hello)).isEqualTo(HELLO);
        assertThat(content.list()).containsExactly(hello.digest());
        assertThat(temp.resolve("store/blobs/sha256/" + hello.digest().hex())).hasBinaryContent(HELLO);
        content.remove(hello.digest());
        content.remove(hello.digest());
        assertThat(content.list()).isEmpty();
        assertKind(Kind.MISSING, () -> content.read(hello));
        assertKind(Kind.MISSING, () -> content.size(hello.digest()));
    }

    @Test
    void aBlobThatIsNotCommittedNeverWas() throws Exception {
        BlobWriter writer = content.newBlob();
        writer.out().write(HELLO);
        assertThat(writer.size()).isEqualTo(5);
        writer.close();
        writer.close();
        assertThat(content.list()).isEmpty();
        assertThatThrownBy(() -> writer.commit(null)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBlobWithAnotherDigestIsRefused() throws Exception {
        Digest expected = Digest.of(new byte[1]);
        try (BlobWriter writer = content.newBlob()) {
            writer.out().write(HELLO);
            assertThatThrownBy(() -> writer.commit(expected))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContainingAll(
                            expected.toString(), Digest.of(HELLO).toString());
        }
        assertThat(content.list()).isEmpty();
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                arguments("another byte", "jello"),
                arguments("a byte less", "hell"),
                arguments("a byte more", "hello!"),
                arguments("nothing", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void damageIsSeenWhenABlobIsRead(String name, String damage) throws Exception {
        Descriptor hello = content.put("text/plain", HELLO);
        Files.writeString(content.path(hello.digest()), damage);
        assertKind(Kind.CORRUPT, () -> content.read(hello));
        // And it is not in the way of the right one.
        assertThat(content.contains(hello.digest())).isFalse();
        assertThat(content.read(content.put("text/plain", HELLO))).isEqualTo(HELLO);
    }

    @Test
    void aGiantIsNotReadAsADocument() {
        assertKind(Kind.UNSUPPORTED, () -> content.read(new Descriptor("x", Digest.of(HELLO), 1L << 40)));
    }

    @Test
    void fieldsKeepAnyValue() {
        for (String value : Arrays.asList("", "a=b", "line\nline", "back\\slash", "\\n", "é\n\\\\n")) {
            Fields fields = new Fields().with("one", value).with("two", "2");
            assertThat(Fields.parse(fields.toString())).isEqualTo(fields);
        }
        assertKind(Kind.CORRUPT, () -> Fields.parse("no field"));
        assertKind(Kind.CORRUPT, () -> new Fields().required("x"));
        assertKind(Kind.CORRUPT, () -> new Fields().with("x", "y").number("x"));
    }

    private static void assertKind(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
