package dev.offramp.partnercenter;

import dev.offramp.offboarding.CustomerId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One audit record as far as it could be read.
 *
 * @param at when it was done; null when that is missing or no date
 * @param operationType e.g. {@code update_subscription}, as spelled; empty when missing
 * @param status e.g. {@code succeeded}, as spelled; empty when missing
 * @param customer null when missing or no id
 * @param resources the ids that it names beside the customer, in small letters
 * @param correlationId {@code originalCorrelationId}; the documents leave open whether it is the caller's
 * @param who the user and the application that it names, for people; empty when it names none
 * @param statusAfter {@code Status} of the changed resource, as spelled; null when the record does not say it
 * @param renewsAfter {@code AutoRenewEnabled} of the changed resource; null when the record does not say it
 */
public record AuditRecord(
        @Nullable Instant at,
        String operationType,
        String status,
        @Nullable CustomerId customer,
        Set<String> resources,
        @Nullable String correlationId,
        String who,
        @Nullable String statusAfter,
        @Nullable Boolean renewsAfter) {

    public AuditRecord {
        resources = Set.copyOf(resources);
    }
}
