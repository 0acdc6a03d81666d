package dev.offramp.operations.access;

import dev.offramp.safety.Person;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which log-ins prove somebody to be one certain person. Whoever makes accounts, or has the log-in file, could pass for many;
 * so only those count whom no verb of the API can make: bearers of an issuer's tokens, and the local users that are named in
 * the configuration and whose passwords only their holders set.
 *
 * @param named the local users of the configuration
 */
public record Persons(Set<String> named) {

    public Persons {
        named = Set.copyOf(named);
    }

    /** @param passwordBy who set the password of a local user last; null when nobody remembers */
    public Person of(Caller.Proof proof, String name, @Nullable String passwordBy) {
        return switch (proof) {
            case TOKEN -> new Person.Known(Person.Kind.TOKEN, name);
            case LOGIN_FILE ->
                new Person.Unknown(
                        "The log-in file does not tell people apart: log in with a token or as one of offramp.safety.four-eyes.persons.");
            case USER -> {
                if (!named.contains(name)) {
                    yield new Person.Unknown(
                            "Whoever made the account %s could use it: log in with a token, or as one of offramp.safety.four-eyes.persons."
                                    .formatted(name));
                }
                yield name.equals(passwordBy)
                        ? new Person.Known(Person.Kind.USER, name)
                        : new Person.Unknown(
                                "The password of %s was set by %s: change it first (PUT /api/v1/me/password)."
                                        .formatted(name, passwordBy == null ? "somebody" : passwordBy));
            }
        };
    }

    /** Why the account can neither get a password from somebody else nor be deleted; empty when it can. */
    public Optional<String> refusal(String name) {
        return named.contains(name)
                ? Optional.of(
                        "%s is one of offramp.safety.four-eyes.persons: nobody but its holder changes the password (PUT /api/v1/me/password), and nobody deletes the account. Take the name off the list first, and put it back when its holder has set a password."
                                .formatted(name))
                : Optional.empty();
    }
}
