package dev.offramp.simulator;

import java.time.Duration;

/**
 * How the simulated Partner Center behaves where the documents leave a choice, and whose it is.
 *
 * @param audience what a token must be for
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
        SignInSettings signIn,
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

    static final String AUDIENCE = "https://api.partnercenter.microsoft.com";
}
