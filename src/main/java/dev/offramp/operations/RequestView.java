package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.SubscriptionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A request as the API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RequestView(
        long number,
        String source,
        String id,
        String operation,
        String mode,
        String partnerTenantId,
        String customerId,
        @Nullable String subscriptionId,
        @Nullable String group,
        @Nullable String reference,
        String requestedBy,
        String cause,
        String status,
        String reason,
        String effect,
        String message,
        boolean isFinal,
        @Nullable String batch,
        Instant admittedAt,
        @Nullable Instant dueAt,
        @Nullable Long waitsFor,
        @Nullable Instant settledAt) {

    static RequestView of(Request request) {
        var admission = request.admission();
        SubscriptionId subscription = request.subscriptionId();
        Long batch = request.batch() == null ? request.lastBatch() : request.batch();
        return new RequestView(
                request.number(),
                request.key().source(),
                request.key().id(),
                request.operation().word(),
                admission.mode().word(),
                admission.partnerTenantId().value(),
                request.customerId().value(),
                subscription == null ? null : subscription.value(),
                admission.group(),
                admission.reference(),
                admission.requestedBy(),
                admission.cause(),
                request.status().word(),
                request.reason().word(),
                request.effect().word(),
                request.message(),
                request.isFinal(),
                batch == null ? null : "B-" + batch,
                request.admittedAt(),
                request.dueAt(),
                request.waitsFor(),
                request.settledAt());
    }
}
