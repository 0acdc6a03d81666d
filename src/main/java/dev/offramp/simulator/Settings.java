package dev.offramp.simulator;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * How the simulated Partner Center behaves where it is a matter of choice, and whose it is.
 *
 * @param audience what a token must be for
 * @param propagationDelay how long reads show the old state after a change
 * @param unknownCustomer the status for a customer that the scenario does not know: 404 or 403
 * @param legacyCancel whether legacy subscriptions can be set to deleted
 * @param sandbox whether it is an integration sandbox: customers can be deleted, and more orders cancelled
 * @param clockSkew how far the server's clock is ahead
 * @param customersEndWithError whether paging ends with 400/2000 instead of a missing token
 * @param pascalCase whether changed subscriptions come back in Pascal case
 * @param orderCancelTakes how long reads show the old state of a cancelled order
 * @param azureCancelTakes how long a cancelled Azure subscription still shows itself active
 * @param onlyForUsers the operations that are refused to an application alone, besides those documented so
 * @param etagLifetime how long after it was read an etag is valid
 */
record Settings(
        String partnerTenantId,
        String audience,
        SignInSettings signIn,
        Duration propagationDelay,
        int unknownCustomer,
        boolean legacyCancel,
        boolean sandbox,
        Duration clockSkew,
        boolean customersEndWithError,
        boolean pascalCase,
        Duration orderCancelTakes,
        Duration azureCancelTakes,
        Set<Operation> onlyForUsers,
        Duration etagLifetime,
        Unknowns unknowns) {

    /** The tenant of the simulated partner, unless the scenario names another. */
    static final String PARTNER_TENANT = "0ff0a3b1-5c1e-4d2f-8a6b-7c9d1e2f3a4b";

    static final String AUDIENCE = "https://api.partnercenter.microsoft.com";

    static Settings of(JsonNode given) {
        return new Settings(
                given.path("partnerTenantId").asString(PARTNER_TENANT).toLowerCase(Locale.ROOT),
                given.path("audience").asString(AUDIENCE),
                SignInSettings.of(given),
                length(given, "propagationDelay", "0s"),
                given.path("unknownCustomer").asInt(404),
                given.path("legacyCancel").asString("refused").equals("allowed"),
                given.path("sandbox").asBoolean(false),
                Durations.difference(given.path("clockSkew").asString("0s")),
                given.path("customersEnd").asString("no-token").equals("2000"),
                given.path("subscriptionAnswers").asString("camelCase").equals("PascalCase"),
                length(given, "orderCancelTakes", "0s"),
                length(given, "azureCancelTakes", "10m"),
                given.path("onlyForUsers")
                        .valueStream()
                        .flatMap(each -> Operation.named(each.asString()).stream())
                        .collect(Collectors.toUnmodifiableSet()),
                length(given, "etagLifetime", "36500d"),
                Unknowns.of(given));
    }

    static Duration length(JsonNode given, String member, String otherwise) {
        return Durations.length(given.path(member).asString(otherwise));
    }
}
