package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Status;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All requests. Each method joins the caller's transaction, or has a short one of its own when there is none.
 * Settling writes state, outcome row and to-send row together, rises {@code version} and {@code sequence}, gives
 * back reserved permits when the new state is not one that keeps them (everything but {@code stalled}, and
 * {@code deferred} with a try on the wire), wakes requests that waited for one that became final, and settles a
 * pending withdraw.
 *
 * <p>Rows are locked by ascending number. Who settles several requests in one transaction does so in ledger order, or
 * two such transactions may wait for each other.
 */
public interface Requests {

    /** The digests of those keys that are known. */
    Map<RequestKey, String> digests(Collection<RequestKey> keys);

    /**
     * Writes new requests with their {@code accepted} outcome, ready at once (or at {@code notBefore}), in the given
     * order. A withdraw that is remembered for one of them takes effect at once.
     *
     * @return their numbers in the same order
     * @throws org.springframework.dao.DataIntegrityViolationException when one of the keys is known already; then none
     *     is written
     */
    List<Long> admit(List<Admission> admissions, Instant now);

    /**
     * Writes a request that is final at once: {@code rejected} with the given resolution and no {@code accepted}
     * before it.
     */
    long reject(Admission admission, Resolution resolution, Instant now);

    /** Asks for the newest outcome of each to be published again under the same id. */
    void tellAgain(Collection<RequestKey> keys);

    /**
     * Admits a withdraw and lets it take effect under the target's row lock: nothing on the wire → target withdrawn and
     * withdraw done; a try unanswered, accepted or confirming → it waits; target final → {@code rejected: too-late};
     * target not seen → remembered until {@code forgetAt} (its {@code due_at}).
     */
    long withdraw(Admission withdraw, Instant forgetAt, Instant now);

    Optional<Request> byNumber(long number);

    /** Reads a request and locks its row until the caller's transaction ends. */
    Optional<Request> lock(long number);

    /**
     * Locks those that are known, in ledger order, until the caller's transaction ends: for a transaction that is going
     * to change several requests in another order, e.g. by the withdraws of one poll.
     */
    void lockAll(Collection<RequestKey> keys);

    Optional<Request> byKey(RequestKey key);

    /** Those of the batch that are not final, in ledger order. */
    List<Request> unfinishedOf(long batch);

    /** Item numbers of the batch greater than {@code after} that have an unfinished request, ascending. */
    List<Integer> unfinishedItems(long batch, int after, int limit);

    /** The unfinished requests of one item, in ledger order. */
    List<Request> ofItem(long batch, int item);

    /** Earlier requests (smaller number) of this customer that are not final, in ledger order, withdraws left out. */
    List<EarlierRequest> openBefore(CustomerId customer, long number);

    /**
     * Later requests (greater number) of this customer that are not final and of which a call may be under way, or its
     * effect is not settled yet, in ledger order.
     */
    List<Request> onTheWireAfter(CustomerId customer, long number);

    /**
     * Settles one request.
     *
     * <p>A deferral leaves the batch and is due at {@code wakeAt}, or at once when the request that it waits for is final
     * by now; what is held leaves the batch and waits for a person; what is stalled stays in its batch; what is final
     * keeps its batch for the record only; what is {@code accepted} again leaves the batch and is due at once, and what
     * was held until then is released from the reason for which it was. A deferral or stall with the reason and effect that stand already is written
     * (wake-up time, counters) but not told again: one {@code stalled} outcome, not one for each restart.
     *
     * @param fence the lease under which it was worked on; null for a person's or the intake's decision
     * @return false when the state is no longer the one that was read, or the lease is not current: nothing was changed
     */
    boolean settle(Request asRead, Resolution resolution, @Nullable Fence fence, Instant now);

    /**
     * Hands a request back to the dispatcher without an outcome: out of its batch, due at {@code dueAt}, with its
     * status and reason as they stand.
     *
     * @param fence as for {@link #settle}
     * @return false as for {@link #settle}
     */
    boolean handBack(Request asRead, Instant dueAt, @Nullable Fence fence, Instant now);

    /** Whether a call of it may be under way, or its effect is not settled yet. */
    boolean isOnTheWire(Request request);

    /** Newest first by number; {@code before} is the cursor (exclusive), null for the first page. */
    List<Request> list(Filter filter, @Nullable Long before, int limit);

    /** The same in ledger order. */
    List<Request> first(Filter filter, int limit);

    long count(Filter filter);

    /**
     * Locks all that match, in ledger order, until the caller's transaction ends: nobody changes their number or any of
     * them until then.
     *
     * @return their numbers
     */
    List<Long> lockAll(Filter filter);

    long countOpen();

    /**
     * Counts by status over the requests of one batch, those included that are final by now, and those that have left
     * it and are in no other.
     */
    Map<Status, Long> countsOf(long batch);

    /** Which requests are meant: all of which each of these members has this value. */
    record Filter(Map<By, Object> values) {

        public static final Filter ALL = new Filter(Map.of());

        public Filter {
            values = Map.copyOf(values);
        }

        /** The same, narrower; null narrows nothing. */
        public Filter and(By member, @Nullable Object value) {
            if (value == null) {
                return this;
            }
            var more = new EnumMap<By, Object>(By.class);
            more.putAll(values);
            more.put(member, value);
            return new Filter(more);
        }

        public Filter and(Status status) {
            return and(By.STATUS, status.word());
        }

        /** By what requests are looked for. */
        public enum By {
            NUMBER,
            CUSTOMER,
            SUBSCRIPTION,
            ORDER,
            SOURCE,
            ID,
            OPERATION,
            STATUS,
            REASON,
            GROUP,
            JOB,
            RUN,
            RESUBMITS,
            /** Those with a last chance until this time, which must be an {@link java.time.OffsetDateTime}; the most urgent first. */
            LAST_CHANCE
        }
    }

    /**
     * What must be known about an earlier open request to tell whether a later one waits for it.
     *
     * @param onTheWire whether it has a try that is unanswered or accepted, or one that was done and is not settled yet
     *     or still being confirmed
     */
    record EarlierRequest(Request request, boolean onTheWire) {}
}
