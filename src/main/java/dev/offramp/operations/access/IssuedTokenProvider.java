package dev.offramp.operations.access;

import dev.offramp.operations.access.ApiProperties.Jwt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** Knows the tokens that the configured issuer signed for this installation, and what they say about their bearer. */
final class IssuedTokenProvider implements AuthenticationProvider {

    private static final Logger LOG = LoggerFactory.getLogger(IssuedTokenProvider.class);

    private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

    private final JwtDecoder decoder;
    private final Jwt rules;
    private final Map<String, Role> roles;
    private final InstantSource clock;
    private final AtomicReference<Instant> toldAt = new AtomicReference<>(Instant.MIN);

    IssuedTokenProvider(JwtDecoder decoder, Jwt rules, InstantSource clock) {
        this.decoder = decoder;
        this.rules = rules;
        this.roles = rules.rolesByWord();
        this.clock = clock;
    }

    @Override
    public Authentication authenticate(Authentication shown) {
        return new CallerAuthentication(caller(
                decode(((BearerTokenAuthenticationToken) shown).getToken()).getClaims()));
    }

    private org.springframework.security.oauth2.jwt.Jwt decode(String token) {
        try {
            return decoder.decode(token);
        } catch (JwtValidationException e) {
            throw NotLetIn.wrong("The token is not accepted: %s."
                    .formatted(e.getErrors().stream()
                            .map(OAuth2Error::getDescription)
                            .filter(Objects::nonNull)
                            .distinct()
                            .collect(Collectors.joining("; "))));
        } catch (BadJwtException e) { // Without its words, which may quote the token.
            throw NotLetIn.wrong(
                    "The token is not accepted: it is neither that of the log-in file nor one that %s has signed."
                            .formatted(rules.issuer()));
        } catch (JwtException e) {
            tellThatTheIssuerIsAway(e);
            throw NotLetIn.later(
                    "The token cannot be looked at now: the issuer's keys cannot be had. The log-in file works without them.");
        }
    }

    private void tellThatTheIssuerIsAway(JwtException e) {
        Instant now = clock.instant();
        Instant before = toldAt.get();
        if (!now.isBefore(before.equals(Instant.MIN) ? now : before.plus(TOLD_EVERY))
                && toldAt.compareAndSet(before, now)) {
            LOG.warn(
                    "The keys of the issuer {} cannot be had ({}): its tokens are not accepted until it answers.",
                    rules.issuer(),
                    root(e));
        }
    }

    private static String root(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
    }

    /** A word in the token that is no role gives none. */
    private Caller caller(Map<String, Object> claims) {
        Object name = claims.get(rules.nameClaim());
        if (!(name instanceof String text) || text.isBlank()) {
            throw NotLetIn.wrong("The token is not accepted: it does not say in the claim '%s' whose it is."
                    .formatted(rules.nameClaim()));
        }
        return new Caller(
                Caller.Proof.TOKEN,
                text,
                texts(claim(claims, rules.rolesClaim())).stream()
                        .map(roles::get)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toUnmodifiableSet()),
                texts(claim(claims, rules.sourcesClaim())));
    }

    private static @Nullable Object claim(Map<?, ?> claims, String path) {
        Object whole = claims.get(path);
        int dot = path.indexOf('.');
        if (whole != null || dot < 0) {
            return whole;
        }
        return claims.get(path.substring(0, dot)) instanceof Map<?, ?> nested
                ? claim(nested, path.substring(dot + 1))
                : null;
    }

    private static Set<String> texts(@Nullable Object claim) {
        return switch (claim) {
            case String text ->
                Arrays.stream(text.strip().split("\\s+"))
                        .filter(each -> !each.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
            case Collection<?> list ->
                list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .collect(Collectors.toUnmodifiableSet());
            case null, default -> Set.of();
        };
    }

    @Override
    public boolean supports(Class<?> type) {
        return BearerTokenAuthenticationToken.class.isAssignableFrom(type);
    }
}
