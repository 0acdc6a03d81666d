package dev.offramp.partnercenter;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** By what the app registration proves that it is itself; it never prints. */
sealed interface Credential {

    /** What it is, as the object of a sentence. */
    String words();

    /** A client secret. */
    record Secret(String value) implements Credential {

        public Secret {
            if (value.isBlank()) {
                throw new IllegalArgumentException("A client secret is not blank.");
            }
        }

        @Override
        public String words() {
            return "a client secret";
        }

        @Override
        public String toString() {
            return "Secret[not shown]";
        }
    }

    /**
     * A certificate with its key.
     *
     * @param chain the app registration's certificate first, then those that issued it
     */
    record Certificate(PrivateKey key, List<X509Certificate> chain) implements Credential {

        public Certificate {
            chain = List.copyOf(chain);
        }

        X509Certificate own() {
            return chain.getFirst();
        }

        @Override
        public String words() {
            return "the certificate of %s"
                    .formatted(own().getSubjectX500Principal().getName());
        }

        @Override
        public String toString() {
            return "Certificate[%s, key not shown]".formatted(own().getSubjectX500Principal());
        }
    }
}
