package dev.jbuild.layerstore.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.fake.FakeRegistry;
import dev.jbuild.layerstore.fake.Fault;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.registry.RegistryClient.PushOutcome;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryLoginTest {
    private static final byte[] INDEX = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(UTF_8);
    private static final Login ME = new Login.Password("me", "pass:word");

    private final FakeRegistry registry = FakeRegistry.start();
    private final List<RegistryClient> clients = new ArrayList<>();

    @BeforeEach
    void store() {
        for (String repository : new String[] {"a", "b"}) {
            registry.putManifest(repository, "1", MediaType.OCI_INDEX, INDEX);
        }
    }

    @AfterEach
    void close() {
        clients.forEach(RegistryClient::close);
        registry.close();
    }

    private RegistryClient client(Login... login) {
        Credentials credentials =
                login.length == 0 ? Credentials.none() : Credentials.of(Map.of(registry.host(), login[0]));
        RegistryClient client = new RegistryClient(RegistryConfig.EMPTY, credentials, RegistryPullTest.QUICK);
        clients.add(client);
        return client;
    }

    private ImageReference name(String rest) {
        return ImageReference.parse(registry.host() + "/" + rest);
    }

    @Test
    void sendsAPasswordOnlyWhenAskedAndThenAtOnce() throws IOException {
        registry.requireBasic("me", "pass:word");
        RegistryClient client = client(ME);

        client.resolve(name("a:1"));
        client.resolve(name("b:1"));

        assertThat(registry.requests()).hasSize(3);
        assertThat(registry.requests().getFirst().authorization()).isNull();
        assertThat(registry.requests().getLast().authorization()).startsWith("Basic ");
    }

    @Test
    void saysThatALoginIsNeeded() {
        registry.requireBasic("me", "pass:word");

        for (RegistryClient client : List.of(client(), client(new Login.Password("me", "wrong")))) {
            assertThatThrownBy(() -> client.resolve(name("a:1")))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED))
                    .hasMessageContaining("try docker login " + registry.host())
                    .hasMessageNotContaining("wrong");
        }
    }

    @Test
    void getsOneTokenForEachRepository() throws IOException {
        registry.requireToken("me", "pass:word", true);
        RegistryClient client = client();

        for (int i = 0; i < 3; i++) {
            client.resolve(name("a:1"));
            client.resolve(name("b:1"));
        }

        assertThat(registry.issuedTokens()).isEqualTo(2);
        // One refusal in all: the second repository's token is fetched without being asked.
        assertThat(registry.count("GET", "/manifests/")).isEqualTo(7);
        assertThat(registry.requests().get(1).query()).isEqualTo("x=1&service=fake%2C+inc&scope=repository%3Aa%3Apull");
    }

    @Test
    void sharesATokenBetweenThreads() throws IOException, InterruptedException, ExecutionException {
        registry.requireToken("me", "pass:word", true);
        RegistryClient client = client();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Resolved>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(threads.submit(() -> client.resolve(name("a:1"))));
            }
            for (Future<Resolved> one : all) {
                one.get();
            }
        }

        assertThat(registry.issuedTokens()).isEqualTo(1);
    }

    @Test
    void renewsATokenThatIsNoLongerAccepted() throws IOException {
        registry.requireToken("me", "pass:word", true);
        RegistryClient client = client();
        client.resolve(name("a:1"));
        registry.expireTokens();

        client.resolve(name("a:1"));

        assertThat(registry.issuedTokens()).isEqualTo(2);
    }

    @Test
    void pushesWithATokenThatAllowsIt() throws IOException {
        registry.requireToken("me", "pass:word", true);
        byte[] content = {1, 2, 3};
        Descriptor blob = new Descriptor(MediaType.OCI_LAYER, Digest.of(content), content.length);

        assertThat(client(ME).pushBlob(name("new"), blob, () -> new ByteArrayInputStream(content)))
                .isEqualTo(PushOutcome.UPLOADED);
        assertThatThrownBy(() -> client().pushBlob(name("other"), blob, () -> new ByteArrayInputStream(content)))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED));
    }

    @Test
    void exchangesAnIdentityToken() throws IOException {
        registry.requireToken("me", "pass:word", false);
        registry.acceptIdentityToken("refresh+me");

        client(new Login.IdentityToken("refresh+me")).resolve(name("a:1"));

        assertThat(registry.count("POST", "/token")).isEqualTo(1);
    }

    @Test
    void saysThatTheTokenServerRefusesTheLogin() {
        registry.requireToken("me", "pass:word", false);

        assertThatThrownBy(() -> client(new Login.Password("me", "wrong")).resolve(name("a:1")))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED))
                .hasMessage("GET http://" + registry.host() + "/token: the login for " + registry.host()
                        + " is not accepted (401, incorrect username or password)");
    }

    @Test
    void triesTheTokenServerAgainToo() throws IOException {
        registry.requireToken("me", "pass:word", true);
        registry.spoil("GET", "/token", new Fault.Status(503), new Fault.Status(500));

        client().resolve(name("a:1"));

        assertThat(registry.count("GET", "/token")).isEqualTo(3);
    }

    @Test
    void sendsNoPasswordToAnyTokenServer() {
        for (String realm : new String[] {"http://example.invalid/token", "ftp://x/", "", "::"}) {
            registry.spoil(
                    "GET",
                    "/manifests/",
                    new Fault.Status(401, Map.of("WWW-Authenticate", "Bearer realm=\"" + realm + "\""), ""));
        }

        // This registry speaks plain HTTP, so its token server may too; the host is what does not exist.
        assertThatThrownBy(() -> client(ME).resolve(name("a:1"))).hasMessageContaining("no host example.invalid");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> client(ME).resolve(name("a:1"))).hasMessageContaining("token server");
        }
    }
}
