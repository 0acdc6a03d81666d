package dev.offramp.operations;

import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Requests.Filter.By;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which requests are looked for; a missing or empty member means all.
 *
 * @param customer the customer's id
 * @param subscription the subscription's id
 * @param order the id of the order that a request names instead
 * @param source the source, as the requests write it
 * @param id the request's id, as its source knows it
 * @param operation e.g. cancel-subscription
 * @param status accepted, deferred, held, stalled, succeeded, rejected, withdrawn, planned or failed
 * @param reason why it stands where it stands, e.g. window-closed
 * @param group the group that the source gave it
 * @param job the job that carries it out
 * @param run the number of the run that brought it
 */
record RequestQuery(
        @Nullable String customer,
        @Nullable String subscription,
        @Nullable String order,
        @Nullable String source,
        @Nullable String id,
        @Nullable String operation,
        @Nullable String status,
        @Nullable String reason,
        @Nullable String group,
        @Nullable String job,
        @Nullable Long run) {

    /** @throws Problem when one of the words does not exist */
    Filter filter() {
        return Filter.ALL
                .and(By.CUSTOMER, lower(customer))
                .and(By.SUBSCRIPTION, lower(subscription))
                .and(By.ORDER, Asked.nothing(order))
                .and(By.SOURCE, Asked.nothing(source))
                .and(By.ID, Asked.nothing(id))
                .and(By.OPERATION, Asked.word(operation, "operation", Operation.values(), Operation::word))
                .and(By.STATUS, Asked.word(status, "status", Status.values(), Status::word))
                .and(By.REASON, Asked.word(reason, "reason", Reason.values(), Reason::word))
                .and(By.GROUP, Asked.nothing(group))
                .and(By.JOB, Asked.nothing(job))
                .and(By.RUN, run);
    }

    /** GUIDs are kept in lower case. */
    private static @Nullable String lower(@Nullable String guid) {
        var text = Asked.nothing(guid);
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }
}
