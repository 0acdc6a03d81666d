package dev.offramp.operations;

import dev.offramp.operations.LoginFile.Login;
import dev.offramp.operations.access.LoginToken;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service's side of the log-in file: written by the first start, kept by later ones. */
final class ServiceLogin implements LoginToken {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceLogin.class);

    private static final int TOKEN_BYTES = 32;

    private final LoginFile file;
    private Login login;

    private ServiceLogin(LoginFile file, Login login) {
        this.file = file;
        this.login = login;
    }

    /** Takes the token of the file, or makes one and writes the file. */
    static ServiceLogin open(LoginFile file, URI address) {
        try {
            var known = file.read();
            if (known.isPresent()) {
                if (file.isOpenToOthers()) {
                    throw new IllegalArgumentException(
                            "Others than its owner may read the log-in file %s. Say 'chmod 600 %s', or delete it to get a new token."
                                    .formatted(file.path(), file.path()));
                }
                return new ServiceLogin(file, known.get());
            }
            var made = new Login(address, newToken());
            file.write(made);
            LOG.info("The log-in for the command line was written to {}.", file.path());
            return new ServiceLogin(file, made);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The log-in file %s cannot be written (%s). Set offramp.home to a directory that this user may write."
                            .formatted(file.path(), e.getMessage()),
                    e);
        }
    }

    /** Notes where the service answers now. */
    void answersAt(URI address) {
        if (login.server().equals(address)) {
            return;
        }
        try {
            login = login.at(address);
            file.write(login);
        } catch (IOException e) {
            LOG.warn(
                    "The service answers at {}, which could not be noted in {} ({}): give the command line --server {}.",
                    address,
                    file.path(),
                    e.getMessage(),
                    address);
        }
    }

    @Override
    public boolean accepts(String token) {
        return MessageDigest.isEqual(
                login.token().getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private static String newToken() {
        var bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
