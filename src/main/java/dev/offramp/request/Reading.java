package dev.offramp.request;

import dev.offramp.ledger.RequestKey;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.OrderTarget;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.Terms.IfWindowClosed;
import dev.offramp.offboarding.Terms.OnActiveAzureSubscriptions;
import dev.offramp.offboarding.Terms.OnActiveSubscriptions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a record turned out to be when it was read. */
sealed interface Reading {

    /** A message that keeps its schema; whether it is admitted is another question. */
    record Message(Asked asked) implements Reading {}

    /**
     * A record that is no message of ours.
     *
     * @param message says what is wrong, where, and what to do
     * @param key null when source and id cannot be read
     * @param digest the body's, if it could be read, else the raw value's
     * @param asked what could be read of it, null when that is not enough to answer it
     */
    record Fault(
            Reason reason,
            String message,
            @Nullable RequestKey key,
            String digest,
            @Nullable Asked asked) implements Reading {}

    /** Source and id, if they can be read. */
    default @Nullable RequestKey key() {
        return switch (this) {
            case Message message -> message.asked().key();
            case Fault fault -> fault.key;
        };
    }

    /**
     * What is asked for.
     *
     * @param partnerTenantId null when the message names none
     * @param time CloudEvents {@code time}; null only in a faulty message
     * @param eventTime the older of {@code time} and the record's timestamp; null when there is neither
     */
    record Asked(
            RequestKey key,
            String digest,
            Operation operation,
            @Nullable PartnerTenantId partnerTenantId,
            CustomerId customerId,
            @Nullable SubscriptionId subscriptionId,
            @Nullable OrderTarget order,
            @Nullable String withdrawsId,
            boolean planOnly,
            @Nullable Instant notBefore,
            @Nullable Instant notAfter,
            IfWindowClosed ifWindowClosed,
            OnActiveSubscriptions onActiveSubscriptions,
            OnActiveAzureSubscriptions onActiveAzureSubscriptions,
            Expectation expect,
            @Nullable String group,
            @Nullable String reference,
            String requestedBy,
            String cause,
            @Nullable String correlationId,
            @Nullable String traceParent,
            @Nullable Instant time,
            @Nullable Instant eventTime) {}
}
