package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Canary;
import dev.offramp.offboarding.Canary.Standing;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.safety.CanaryBook.Flock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who goes first as it stands: a row for each group, run or window, and which requests go first or wait for it. */
interface CanaryRows {

    /** A row: what it says about the number of customers and the time holds for all nodes, however they are configured. */
    record Row(long number, Canary canary, boolean confirmed) {}

    Optional<Row> named(String name);

    /** Adds it unless it is there, in a transaction of its own: where two add one at once, one of them waits for the other's end. */
    void add(Flock flock, Instant now);

    /** As it stands, locked to the end of the caller's transaction. */
    Row lock(String name);

    /** The same; empty when it is forgotten. */
    Optional<Row> lock(long number);

    void confirm(long number, Instant now);

    boolean isAttempted(Request request);

    /** How the requests of the first customers stand, in ledger order. */
    List<Standing> first(long number);

    /** This customer is no longer one of the first. */
    void dismiss(long number, CustomerId customer);

    /** A request goes first, or waits for those that do; one that went first stays so. */
    void note(long number, Request request, boolean leads);

    /** A request waits no longer. */
    void forgetWaiting(long number, long request);

    /** Those for which a request is held. */
    List<Long> waitedFor();

    /** The first of the requests that are held for it, by their numbers. */
    List<Long> held(long number, int limit);

    /** Those of them that go first. */
    List<Long> heldOfTheFirst(long number, int limit);

    /** Those of them to whom another sentence was said. */
    List<Long> heldWithAnother(String sentence, long number, int limit);

    /** Forgets what was begun before and has no open request. */
    void forget(Instant begunBefore);
}
