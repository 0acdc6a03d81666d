package dev.offramp.partnercenter;

import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.Issuer.Issue;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The tokens of both sign-ins. */
final class Tokens {

    /** A token is not used for the last part of its life, so that it does not end on the way. */
    private static final Duration EARLY = Duration.ofMinutes(2);

    private final Issuer issuer;
    private final RefreshTokens refreshTokens;
    private final PartnerTenantId tenant;
    private final LongSupplier ticker;
    private final TokenFlow app;
    private final TokenFlow user;

    /** @param ticker nanoseconds, like {@link System#nanoTime()} */
    Tokens(
            Issuer issuer,
            RefreshTokens refreshTokens,
            PartnerTenantId tenant,
            Duration denialMemory,
            LongSupplier ticker) {
        this.issuer = issuer;
        this.refreshTokens = refreshTokens;
        this.tenant = tenant;
        this.ticker = ticker;
        app = new TokenFlow(this::signInApp, denialMemory, ticker);
        user = new TokenFlow(this::signInUser, denialMemory, ticker);
    }

    /** @param signIn {@link Denial#APP_SIGN_IN} or {@link Denial#USER_SIGN_IN} */
    TokenFlow of(Denial signIn) {
        return signIn == Denial.USER_SIGN_IN ? user : app;
    }

    private SignIn signInApp() {
        return judged(issuer.forApp(), Denial.APP_SIGN_IN);
    }

    private SignIn signInUser() {
        return judged(refreshTokens.exchange(issuer::forUser), Denial.USER_SIGN_IN);
    }

    private SignIn judged(Issue issue, Denial signIn) {
        return switch (issue) {
            case Issue.Tokens tokens -> granted(tokens, signIn);
            case Issue.Refusal refusal ->
                new SignIn.Refused(refusal.aboutUser() ? signIn : Denial.APP_SIGN_IN, refusal.words());
            case Issue.Silence silence -> new SignIn.Unreachable(silence.words());
        };
    }

    /** Partner Center's addresses are the same for every partner: only the token says whom we act for. */
    private SignIn granted(Issue.Tokens tokens, Denial signIn) {
        if (!isOurs(tokens.tenant())) {
            return new SignIn.Refused(
                    signIn,
                    "the token belongs to tenant %s, but offramp.partner-center.tenant-id is %s"
                            .formatted(Objects.requireNonNullElse(tokens.tenant(), "(none named)"), tenant));
        }
        Duration lifetime = tokens.lifetime();
        Duration used = lifetime.compareTo(EARLY.multipliedBy(2)) > 0 ? lifetime.minus(EARLY) : lifetime.dividedBy(2);
        return new SignIn.Granted(new AccessToken(tokens.accessToken(), ticker.getAsLong() + used.toNanos()));
    }

    boolean isOurs(@Nullable String tokenTenant) {
        return tokenTenant != null && tokenTenant.equalsIgnoreCase(tenant.value());
    }
}
