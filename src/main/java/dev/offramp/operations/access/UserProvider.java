package dev.offramp.operations.access;

import dev.offramp.operations.access.Users.Known;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Knows the local users by their passwords, and takes as long for a name that does not exist. */
final class UserProvider implements AuthenticationProvider {

    private static final Logger LOG = LoggerFactory.getLogger(UserProvider.class);

    private final Users users;
    private final PasswordEncoder encoder;
    private final Guesses guesses;

    /** What the password of a name that does not exist is compared with. */
    private final String nobodys;

    UserProvider(Users users, PasswordEncoder encoder, Guesses guesses) {
        this.users = users;
        this.encoder = encoder;
        this.guesses = guesses;
        this.nobodys =
                Objects.requireNonNull(encoder.encode(Password.generated().text()));
    }

    @Override
    public Authentication authenticate(Authentication shown) {
        String name = shown.getName();
        var known = find(name);
        return switch (guesses.at(name, () -> isRight(known, String.valueOf(shown.getCredentials())))) {
            case Guesses.Look.Right() ->
                new CallerAuthentication(known.orElseThrow().user().caller());
            case Guesses.Look.Wrong(int times) -> {
                if (Guesses.areMany(times)) {
                    tell(known.map(each -> each.user().name()), times);
                }
                throw NotLetIn.wrong("The name or the password is wrong.");
            }
            case Guesses.Look.TooSoon(var pause) -> throw NotLetIn.tooManyGuesses(pause);
        };
    }

    private boolean isRight(Optional<Known> known, String password) {
        boolean matches = encoder.matches(password, known.map(Known::hash).orElse(nobodys));
        return matches && known.isPresent();
    }

    /** A name that is nobody's is not written down: people type passwords into the wrong field. */
    private static void tell(Optional<String> name, int times) {
        LOG.warn(
                "There were {} wrong passwords in a row for {}: further ones are looked at with growing pauses.",
                times,
                name.map("user %s"::formatted).orElse("a name that is no user's"));
    }

    private Optional<Known> find(String name) {
        try {
            return Users.isName(name) ? users.named(name) : Optional.empty();
        } catch (DataAccessException e) {
            throw NotLetIn.later(
                    "The users cannot be looked up now: the database is away. The log-in file works without it.");
        }
    }

    @Override
    public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
    }
}
