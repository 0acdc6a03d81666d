package dev.offramp.partnercenter;

import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.Issuer.Issue;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Signs in before the service starts, because a wrong secret, tenant or cloud is best found while whoever changed it looks
 * on. Only the token tells a sandbox from production, and our own tenant from another partner's.
 *
 * <p>An authority that does not answer stops the start too, after a bounded time: a service that cannot tell whom it would
 * act for must not go live. Whoever needs the service all the same sets {@code offramp.partner-center.sign-in-at-start} to
 * false; then each token is compared when it comes.
 */
final class SignInAtStart implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(SignInAtStart.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Issuer issuer;
    private final PartnerTenantId tenant;
    private final JdbcRefreshTokens refreshTokens;
    private final Terms terms;

    /**
     * What is insisted on.
     *
     * @param insists whether the start fails when nobody answers
     * @param patience how long to ask anew while nobody answers
     * @param ticker nanoseconds, like {@link System#nanoTime()}
     */
    record Terms(boolean insists, Duration patience, URI authority, LongSupplier ticker, Repeats.Sleep sleep) {}

    SignInAtStart(Issuer issuer, PartnerTenantId tenant, JdbcRefreshTokens refreshTokens, Terms terms) {
        this.issuer = issuer;
        this.tenant = tenant;
        this.refreshTokens = refreshTokens;
        this.terms = terms;
    }

    @Override
    public void afterSingletonsInstantiated() {
        switch (patiently()) {
            case Issue.Tokens tokens -> {
                compare(tokens.tenant(), "The application's token");
                lookAtWhatIsConfigured();
            }
            case Issue.Refusal refusal -> {
                if (terms.insists()) {
                    throw new CannotSignIn("Microsoft Entra refuses the application's sign-in: %s. Nothing is started."
                            .formatted(refusal.words()));
                }
                log.warn(
                        "Sign-in to Partner Center as the application was refused: {}. Nothing is sent until an operator corrects it.",
                        refusal.words());
            }
            case Issue.Silence silence -> {
                if (terms.insists()) {
                    throw new CannotSignIn(
                            "%s gave no token within %d s (%s). Correct offramp.partner-center.authority or cloud, or open the way there; offramp.partner-center.sign-in-at-start=false starts without."
                                    .formatted(
                                            terms.authority(), terms.patience().toSeconds(), silence.words()));
                }
                log.warn("No token could be had yet: {}. It is tried again with the first call.", silence.words());
            }
        }
    }

    private Issue patiently() {
        long began = terms.ticker().getAsLong();
        Issue issue = issuer.forApp();
        while (terms.insists() && issue instanceof Issue.Silence) {
            Duration spent = Duration.ofNanos(terms.ticker().getAsLong() - began);
            if (spent.plus(PAUSE).compareTo(terms.patience()) > 0 || !paused()) {
                return issue;
            }
            issue = issuer.forApp();
        }
        return issue;
    }

    private boolean paused() {
        try {
            terms.sleep().sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A refresh token that is new in the configuration is used at once, so that a stranger's is found now. */
    private void lookAtWhatIsConfigured() {
        if (refreshTokens.importOnce() && refreshTokens.exchange(issuer::forUser) instanceof Issue.Tokens tokens) {
            compare(tokens.tenant(), "The token of offramp.partner-center.refresh-token");
        }
    }

    private void compare(@Nullable String tokenTenant, String whose) {
        if (!tenant.value().equalsIgnoreCase(tokenTenant)) {
            throw new CannotSignIn(
                    "%s belongs to tenant %s, but offramp.partner-center.tenant-id is %s; nothing is started, so that no other partner's customers are touched. Correct tenant-id, or take the sign-in of that tenant."
                            .formatted(whose, Objects.requireNonNullElse(tokenTenant, "(none named)"), tenant));
        }
    }

    /** We could not act, or would act for somebody else. */
    static final class CannotSignIn extends RuntimeException {
        CannotSignIn(String sentence) {
            super(sentence);
        }
    }
}
