package dev.jbuild.layerstore.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/// A key of its own making for 127.0.0.1 and some names, with PEM files of it.
///
/// @param certificateFile PEM
/// @param keyFile PEM, PKCS #8
public record TestKey(PrivateKey key, X509Certificate certificate, Path certificateFile, Path keyFile) {
    private static final String PASSWORD = "password";

    /// Makes one, with files in this folder.
    ///
    /// @param names host names that it is for, besides the loopback address
    public static TestKey make(Path folder, String... names) {
        try {
            Path file = folder.resolve("keys.p12");
            StringBuilder san = new StringBuilder("san=ip:127.0.0.1");
            for (String name : names) {
                san.append(",dns:").append(name);
            }
            Process keytool = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "me",
                            "-keyalg",
                            "RSA",
                            "-keysize",
                            "2048",
                            "-dname",
                            "CN=test",
                            "-ext",
                            san.toString(),
                            "-keystore",
                            file.toString(),
                            "-storepass",
                            PASSWORD))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + output);
            }
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            PrivateKey key = (PrivateKey) keys.getKey("me", PASSWORD.toCharArray());
            X509Certificate certificate = (X509Certificate) keys.getCertificate("me");
            return new TestKey(
                    key,
                    certificate,
                    pem(folder.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded()),
                    pem(folder.resolve("key.pem"), "PRIVATE KEY", key.getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path pem(Path file, String label, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder().encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }
}
