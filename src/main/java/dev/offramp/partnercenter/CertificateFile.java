package dev.offramp.partnercenter;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * Reads the certificate with which we sign in: PEM (certificate, chain and key in one file or in two) or PKCS#12. Whatever
 * is wrong is told in a sentence that names the key of the configuration, and nothing of what the file holds.
 */
final class CertificateFile {

    private static final String CERTIFICATE = "offramp.partner-center.certificate";
    private static final String KEY = "offramp.partner-center.certificate-key";
    private static final String PASSWORD = "offramp.partner-center.certificate-password";
    /** Microsoft Entra ID takes no shorter keys, and none that are not RSA. */
    private static final int SHORTEST = 2048;

    private final Path certificate;
    private final @Nullable Path key;
    private final String password;

    /**
     * @param key where the private key lies when it is not in the same file
     * @param password of the key or of the PKCS#12 file; empty when there is none
     */
    CertificateFile(Path certificate, @Nullable Path key, String password) {
        this.certificate = certificate;
        this.key = key;
        this.password = password;
    }

    /** @throws IllegalArgumentException with a sentence that says what to change */
    Credential.Certificate read(Instant now) {
        byte[] content = bytes(certificate, CERTIFICATE);
        String text = new String(content, StandardCharsets.ISO_8859_1);
        Credential.Certificate read = text.contains("-----BEGIN ") ? fromPem(text) : fromPkcs12(content);
        check(read, now);
        return read;
    }

    private Credential.Certificate fromPem(String text) {
        List<X509Certificate> chain;
        try {
            chain = PemContent.of(text).getCertificates();
        } catch (RuntimeException e) {
            throw malformed();
        }
        if (chain.isEmpty()) {
            throw malformed();
        }
        return new Credential.Certificate(pemKey(text), chain);
    }

    private PrivateKey pemKey(String text) {
        String where = key == null ? CERTIFICATE : KEY;
        Path file = key == null ? certificate : key;
        String pem = key == null ? text : new String(bytes(key, KEY), StandardCharsets.ISO_8859_1);
        if (!pem.contains("PRIVATE KEY-----")) {
            throw new IllegalArgumentException(
                    "%s is %s, which holds no private key; name the PEM file with the key in %s."
                            .formatted(where, file, KEY));
        }
        PrivateKey found = null;
        try {
            found = password.isEmpty()
                    ? PemContent.of(pem).getPrivateKey()
                    : PemContent.of(pem).getPrivateKey(password);
        } catch (RuntimeException e) {
            // The sentence below says it; what the parser says may quote the file.
        }
        if (found == null) {
            throw new IllegalArgumentException(
                    "The private key in %s cannot be read; %s must be a PEM file with an RSA key, and %s its password when it is encrypted."
                            .formatted(file, where, PASSWORD));
        }
        return found;
    }

    private Credential.Certificate fromPkcs12(byte[] content) {
        if (key != null) {
            throw new IllegalArgumentException(
                    "%s is %s, which is no PEM file, so that %s cannot go with it; take %s away for PKCS#12, or name a PEM file."
                            .formatted(CERTIFICATE, certificate, KEY, KEY));
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password.toCharArray());
            for (String alias : Collections.list(store.aliases())) {
                Key found = store.getKey(alias, password.toCharArray());
                Certificate[] chain = store.getCertificateChain(alias);
                if (found instanceof PrivateKey privateKey && chain != null) {
                    return new Credential.Certificate(
                            privateKey,
                            Arrays.stream(chain)
                                    .map(X509Certificate.class::cast)
                                    .toList());
                }
            }
        } catch (IOException e) {
            throw e.getCause() instanceof java.security.UnrecoverableKeyException ? wrongPassword() : malformed();
        } catch (GeneralSecurityException e) {
            throw wrongPassword();
        }
        throw new IllegalArgumentException(
                "%s is %s, a PKCS#12 file without a private key; export it together with its key."
                        .formatted(CERTIFICATE, certificate));
    }

    private void check(Credential.Certificate read, Instant now) {
        X509Certificate own = read.own();
        if (!(read.key() instanceof RSAPrivateKey rsa) || rsa.getModulus().bitLength() < SHORTEST) {
            throw new IllegalArgumentException(
                    "The key of %s (%s) is not an RSA key of at least %d bits, and Microsoft Entra takes no other; make a new certificate."
                            .formatted(CERTIFICATE, certificate, SHORTEST));
        }
        if (!(own.getPublicKey() instanceof RSAPublicKey certified)
                || !certified.getModulus().equals(rsa.getModulus())) {
            throw new IllegalArgumentException(
                    "The private key%s does not belong to the first certificate in %s; name the two that were made together in %s and %s."
                            .formatted(key == null ? "" : " in " + key, certificate, CERTIFICATE, KEY));
        }
        if (own.getNotAfter().toInstant().isBefore(now)) {
            throw new IllegalArgumentException(
                    "The certificate in %s has been good until %s; make a new one, add it to the app registration and name it in %s."
                            .formatted(certificate, own.getNotAfter().toInstant(), CERTIFICATE));
        }
        if (own.getNotBefore().toInstant().isAfter(now)) {
            throw new IllegalArgumentException(
                    "The certificate in %s is good from %s on only; name one in %s that is good now."
                            .formatted(certificate, own.getNotBefore().toInstant(), CERTIFICATE));
        }
    }

    private IllegalArgumentException malformed() {
        return new IllegalArgumentException(
                "%s is %s, which is no certificate; name a PEM file (it begins with -----BEGIN CERTIFICATE-----) or a PKCS#12 file (.p12, .pfx)."
                        .formatted(CERTIFICATE, certificate));
    }

    private IllegalArgumentException wrongPassword() {
        return new IllegalArgumentException(
                "%s cannot be opened with %s; write its password there.".formatted(certificate, PASSWORD));
    }

    private static byte[] bytes(Path file, String where) {
        return bytes(file, where, "name a file that the service may read");
    }

    /** @throws IllegalArgumentException with a sentence when it is not there or cannot be read */
    static byte[] bytes(Path file, String where, String remedy) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException(
                        "%s is %s, and there is no such file; %s.".formatted(where, file.toAbsolutePath(), remedy));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("%s is %s, which cannot be read (%s); %s."
                    .formatted(where, file.toAbsolutePath(), e.getClass().getSimpleName(), remedy));
        }
    }
}
