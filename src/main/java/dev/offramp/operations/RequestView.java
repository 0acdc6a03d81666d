package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.OrderTarget;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.SubscriptionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as the API shows it.
 *
 * @param resubmits the number of the request that it asks for again
 * @param plan the number of the approved plan that it carries out a part of
 * @param released the reasons for which it was held and that a person has released it from
 * @param held how it is held; only in the list of held requests
 * @param allowedActions only where a list of things to decide about is shown
 */
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
        @Nullable String orderId,
        @Nullable Integer orderLineItem,
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
        @Nullable Instant settledAt,
        String job,
        @Nullable Long run,
        @Nullable Long line,
        @Nullable Long resubmits,
        @Nullable Long plan,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> released,
        @Nullable HoldView held,
        @Nullable List<Action> allowedActions) {

    static RequestView of(Request request) {
        var admission = request.admission();
        SubscriptionId subscription = request.subscriptionId();
        OrderTarget order = request.order();
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
                order == null ? null : order.order(),
                order == null ? null : order.line(),
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
                request.settledAt(),
                admission.job(),
                admission.line() == null ? null : (Long) admission.line().run(),
                admission.line() == null ? null : (Long) admission.line().number(),
                admission.resubmits(),
                admission.plan(),
                request.released().reasons().stream().map(Reason::word).sorted().toList(),
                null,
                null);
    }

    /** The same with what may be done to it. */
    RequestView with(@Nullable HoldView hold, List<Action> actions) {
        return new RequestView(
                number,
                source,
                id,
                operation,
                mode,
                partnerTenantId,
                customerId,
                subscriptionId,
                orderId,
                orderLineItem,
                group,
                reference,
                requestedBy,
                cause,
                status,
                reason,
                effect,
                message,
                isFinal,
                batch,
                admittedAt,
                dueAt,
                waitsFor,
                settledAt,
                job,
                run,
                line,
                resubmits,
                plan,
                released,
                hold,
                actions);
    }
}
