package dev.offramp.simulator;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * What no document says, one switch for each open question, in the order of the questions.
 *
 * @param idempotentRequestIds 1: whether a repeated MS-RequestId is without effect
 * @param requestIdAnswer 1: what a repeated one is answered: first-answer or current-resource
 * @param requestIdMemory 1: how long a value is remembered
 * @param unlinkRefused 2: status and code of a refused unlink
 * @param unlinkBlockers 2: what keeps a customer: portal-page (all), developer-page (active ones and reservations), none
 * @param suspendedNewCommerceBlocksUnlink 2: whether suspended new commerce keeps a customer too
 * @param deletedAgain 3: the answer to deleted on a deleted subscription: 2011, 800040 or 200
 * @param afterUnlink 4: the status of reads after the relationship was removed: 403 or 404
 * @param unlinkedAgain 4: the answer to a second unlink: 20002, 3000, 404 or 200
 * @param ifMatchOnNewCommerce 5: ignored, required, or error-when-empty
 * @param changesAnswered 6: 200, 202, or 202-every-second
 * @param acceptedTakes 6: how long a change takes that was answered 202
 * @param acceptedShows 6: the status meanwhile: unchanged or pending
 * @param throttleScope 7: whose calls share a limit: as-given, tenant or customer
 * @param retryAfter 7: the form of Retry-After: seconds, date or missing
 * @param cancellationDate 8: on new commerce: shown, null-when-closed, null or missing
 * @param cancellationDateAfterRenewal 8: moved, kept or null
 * @param refusedMinimalPatch 9: no-effect or loses-auto-renew
 * @param reservationStatus 10: the quantity status of reservations for which the scenario names none; none = left out
 * @param cancelledReservationsListed 10: whether they are
 * @param auditDelay 11: until a record appears
 * @param auditCorrelation 11: whose originalCorrelationId is: callers, servers or missing
 * @param azurePlanBody 12: how an Azure plan shows itself: usage or product-type
 * @param trialBody 12: how a trial shows itself: scheduled (with instructions for the next term) or plain
 */
record Unknowns(
        boolean idempotentRequestIds,
        String requestIdAnswer,
        Duration requestIdMemory,
        String unlinkRefused,
        String unlinkBlockers,
        boolean suspendedNewCommerceBlocksUnlink,
        String deletedAgain,
        int afterUnlink,
        String unlinkedAgain,
        String ifMatchOnNewCommerce,
        String changesAnswered,
        Duration acceptedTakes,
        String acceptedShows,
        String throttleScope,
        String retryAfter,
        String cancellationDate,
        String cancellationDateAfterRenewal,
        String refusedMinimalPatch,
        String reservationStatus,
        boolean cancelledReservationsListed,
        Duration auditDelay,
        String auditCorrelation,
        String azurePlanBody,
        String trialBody) {

    static Unknowns of(JsonNode given) {
        return new Unknowns(
                given.path("idempotentRequestIds").asBoolean(false),
                given.path("requestIdAnswer").asString("first-answer"),
                Settings.length(given, "requestIdMemory", "1d"),
                given.path("unlinkRefused").asString("400/900141"),
                given.path("unlinkBlockers").asString("portal-page"),
                given.path("suspendedNewCommerceBlocksUnlink").asBoolean(true),
                given.path("deletedAgain").asString("2011"),
                given.path("afterUnlink").asInt(403),
                given.path("unlinkedAgain").asString("20002"),
                given.path("ifMatchOnNewCommerce").asString("ignored"),
                given.path("changesAnswered").asString("200"),
                Settings.length(given, "acceptedTakes", "5s"),
                given.path("acceptedShows").asString("unchanged"),
                given.path("throttleScope").asString("as-given"),
                given.path("retryAfter").asString("seconds"),
                given.path("cancellationDate").asString("shown"),
                given.path("cancellationDateAfterRenewal").asString("moved"),
                given.path("refusedMinimalPatch").asString("no-effect"),
                given.path("reservationStatus").asString("none"),
                given.path("cancelledReservations").asString("gone").equals("listed"),
                Settings.length(given, "auditDelay", "0s"),
                given.path("auditCorrelation").asString("callers"),
                given.path("azurePlanBody").asString("usage"),
                given.path("trialBody").asString("scheduled"));
    }

    /** The status of a refused unlink. */
    int unlinkRefusedStatus() {
        return Integer.parseInt(unlinkRefused.substring(0, 3));
    }

    /** The code of a refused unlink. */
    String unlinkRefusedCode() {
        return unlinkRefused.substring(4);
    }
}
