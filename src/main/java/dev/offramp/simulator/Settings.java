package dev.offramp.simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the simulated Partner Center behaves where the documents leave a choice, and whose it is.
 *
 * @param clientId when set, token requests of other applications are refused
 * @param clientSecret when set, token requests with another secret are refused
 * @param refreshToken the token that a person's sign-in has left behind
 * @param lenientRefresh whether a refresh token that was already used still works
 * @param multiFactor whether that sign-in used a second factor
 * @param propagationDelay how long reads show the old state after a change
 * @param idempotentRequestIds whether a repeated MS-RequestId is answered with the first answer and without effect
 * @param deletedAgain the answer to {@code deleted} on a deleted subscription: 2011, 800040 or 200
 * @param afterUnlink the status of reads after the relationship was removed: 403 or 404
 * @param unknownCustomer the status for a customer that the scenario does not know: 404 or 403
 * @param ifMatchRequired whether a change of a new-commerce subscription without If-Match is refused
 */
record Settings(
        String partnerTenantId,
        String audience,
        @Nullable String clientId,
        @Nullable String clientSecret,
        String refreshToken,
        boolean lenientRefresh,
        boolean multiFactor,
        Duration accessTokenLifetime,
        Duration propagationDelay,
        boolean idempotentRequestIds,
        String deletedAgain,
        int afterUnlink,
        int unknownCustomer,
        boolean suspendedNewCommerceBlocksUnlink,
        boolean legacyCancel,
        boolean ifMatchRequired) {

    /** The tenant of the simulated partner, unless the scenario names another. */
    static final String PARTNER_TENANT = "0ff0a3b1-5c1e-4d2f-8a6b-7c9d1e2f3a4b";

    /** The refresh token with which a client can begin, unless the scenario names another. */
    static final String REFRESH_TOKEN = "simulator-refresh-token";

    static final String AUDIENCE = "https://api.partnercenter.microsoft.com";
}
