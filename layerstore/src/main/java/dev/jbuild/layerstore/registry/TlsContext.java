package dev.jbuild.layerstore.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// TLS as a registry's settings ask for it.
final class TlsContext {
    private static final char[] NO_PASSWORD = new char[0];
    private static final byte[] RSA_ALGORITHM = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    private TlsContext() {}

    /// For connections without TLS: nothing is trusted, and the system's certificates are not read, which
    /// takes longer than a request.
    static SSLContext unused() throws IOException {
        return context(null, new TrustManager[] {new Everyone(false)});
    }

    /// @throws IOException naming the file that cannot be used
    static SSLContext of(RegistrySettings settings) throws IOException {
        try {
            if (!settings.insecure() && !settings.hasTls()) {
                return SSLContext.getDefault();
            }
            TrustManager[] trust = settings.insecure() ? new TrustManager[] {new Everyone(true)} : trust(settings.ca());
            return context(settings.keyPairs().isEmpty() ? null : keys(settings.keyPairs()), trust);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    private static SSLContext context(KeyManager @Nullable [] keys, TrustManager[] trust) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trust(Collection<Path> authorities) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager system) {
                for (X509Certificate certificate : system.getAcceptedIssuers()) {
                    store.setCertificateEntry("system" + store.size(), certificate);
                }
            }
        }
        for (Path file : authorities) {
            for (Certificate certificate : certificates(file)) {
                store.setCertificateEntry("ca" + store.size(), certificate);
            }
        }
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keys(Collection<RegistrySettings.KeyPair> pairs)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        for (RegistrySettings.KeyPair pair : pairs) {
            Collection<? extends Certificate> chain = certificates(pair.certificate());
            if (chain.isEmpty()) {
                throw new IOException("no certificate in " + pair.certificate());
            }
            PrivateKey key = privateKey(
                    pair.key(), chain.iterator().next().getPublicKey().getAlgorithm());
            store.setKeyEntry("key" + store.size(), key, NO_PASSWORD, chain.toArray(Certificate[]::new));
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        } catch (CertificateException e) {
            throw new IOException("cannot read certificates from " + file + ": " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(Path file, String algorithm) throws IOException {
        String pem = Files.readString(file, StandardCharsets.ISO_8859_1);
        try {
            byte[] pkcs8 = block(pem, "PRIVATE KEY");
            if (pkcs8 == null) {
                byte[] rsa = block(pem, "RSA PRIVATE KEY");
                pkcs8 = rsa == null ? null : asPkcs8(rsa);
            }
            if (pkcs8 != null) {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("cannot read the key in " + file + ": " + e.getMessage(), e);
        }
        throw new IOException("no usable key in " + file + ": convert it with openssl pkcs8 -topk8 -nocrypt");
    }

    private static byte @Nullable [] block(String pem, String label) {
        String begin = "-----BEGIN " + label + "-----";
        int start = pem.indexOf(begin);
        int end = pem.indexOf("-----END " + label + "-----");
        return start < 0 || end < start
                ? null
                : Base64.getMimeDecoder().decode(pem.substring(start + begin.length(), end));
    }

    // PKCS #8 is the older form of an RSA key in a wrapper that names the algorithm.
    private static byte[] asPkcs8(byte[] rsa) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {0x02, 0x01, 0x00});
        body.writeBytes(RSA_ALGORITHM);
        body.writeBytes(der(0x04, rsa));
        return der(0x30, body.toByteArray());
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = (39 - Integer.numberOfLeadingZeros(content.length)) / 8;
            out.write(0x80 | bytes);
            for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
                out.write(content.length >> shift);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    /// Trusts any server or none. An "extended" one, for only those also decide about host names.
    private static final class Everyone extends X509ExtendedTrustManager {
        private final boolean trusted;

        Everyone(boolean trusted) {
            this.trusted = trusted;
        }

        private void check() throws CertificateException {
            if (!trusted) {
                throw new CertificateException("this connection was not meant to use TLS");
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
