package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.OrderTarget;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.Terms;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A screened message that becomes a row: everything about a request that never changes.
 *
 * @param digest SHA-256 of the body, hex
 * @param order the order, or its line, that the request names instead of a subscription
 * @param withdrawsId the id (of the same source) that a {@code withdraw} names, else null
 * @param cause the {@code reason} that the asker gave
 * @param eventTime the older of CloudEvents {@code time} and the record's timestamp
 * @param place where it was read; null when it did not come from Kafka
 * @param line which line of which run it was; null when it did not come from a file
 * @param job the job that carries it out
 * @param resubmits the number of the request that a person asked for again with this one
 * @param plan the approved plan that this one carries out a part of; null for all others
 */
public record Admission(
        RequestKey key,
        String digest,
        Operation operation,
        PartnerTenantId partnerTenantId,
        CustomerId customerId,
        @Nullable SubscriptionId subscriptionId,
        @Nullable OrderTarget order,
        @Nullable String withdrawsId,
        Terms terms,
        Mode mode,
        @Nullable String group,
        @Nullable String reference,
        String requestedBy,
        String cause,
        @Nullable String correlationId,
        @Nullable String traceParent,
        Instant eventTime,
        @Nullable Place place,
        @Nullable Line line,
        String job,
        @Nullable Long resubmits,
        @Nullable Long plan) {

    /** The job of a request for which none is defined. */
    public static final String OTHER_JOB = "offboarding";

    /** Between the id of a final request and the number of the request that asks for it again. */
    public static final char AGAIN = '~';

    /** The id, of the same source, of the request that this one asks for again; null when it asks for the first time. */
    public @Nullable String resubmittedId() {
        return resubmits == null ? null : key.id().substring(0, key.id().lastIndexOf(AGAIN));
    }

    /**
     * The same, asked for again.
     *
     * @param asksAgain the request that it asks for again
     * @param ofPlan the approved plan that it carries out a part of; null when a person asks for this one alone
     */
    public Admission again(
            RequestKey newKey, Terms newTerms, Mode modeOfToday, Instant now, long asksAgain, @Nullable Long ofPlan) {
        return new Admission(
                newKey,
                digest,
                operation,
                partnerTenantId,
                customerId,
                subscriptionId,
                order,
                withdrawsId,
                newTerms,
                modeOfToday,
                group,
                reference,
                requestedBy,
                cause,
                correlationId,
                traceParent,
                now,
                null,
                null,
                job,
                asksAgain,
                ofPlan);
    }

    /** A record's place in Kafka. */
    public record Place(String topic, int partition, long offset) {}

    /** A line of a run's file; lines are counted from 1. */
    public record Line(long run, long number) {}
}
