package dev.offramp.platform;

import dev.offramp.ledger.Mode;
import dev.offramp.partnercenter.Undeclared;
import java.nio.file.Path;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What holds for the whole installation.
 *
 * @param home directory of the log-in file and, unless another database is named, of the database; created with mode
 *     0700; where nothing is said, .offramp in the home directory of the user
 * @param mode observe reads and judges only; live carries out what is asked
 * @param environment what the operator declares this to be; shown everywhere; the simulator is allowed in a sandbox only
 * @param node this node's name in leases, tries and logs; where nothing is said, the name of the host
 * @param encryptionKey what secrets in the database are encrypted with, 32 bytes in Base64; where nothing is said, the
 *     file key in offramp.home, which is made at the first start; with PostgreSQL it must be given
 * @param secondEncryptionKey a second key, which opens what was encrypted with it and encrypts nothing: for changing keys
 */
@ConfigurationProperties("offramp")
record OfframpProperties(
        Path home,
        @DefaultValue(Undeclared.MODE) Mode mode,
        @DefaultValue(Undeclared.ENVIRONMENT) Environment environment,
        String node,
        @DefaultValue("") String encryptionKey,
        @DefaultValue("") String secondEncryptionKey) {

    OfframpProperties {
        if (node.isBlank()) {
            throw new IllegalArgumentException("offramp.node is blank; write this node's name, e.g. node-1.");
        }
    }

    /** What an installation is declared to be. */
    enum Environment {
        SANDBOX,
        PRODUCTION;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Without the key: it is a secret. */
    @Override
    public String toString() {
        return "OfframpProperties[home=%s, mode=%s, environment=%s, node=%s]".formatted(home, mode, environment, node);
    }
}
