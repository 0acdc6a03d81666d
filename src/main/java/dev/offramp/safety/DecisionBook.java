package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.safety.PendingDecision.Item;
import dev.offramp.safety.PendingDecision.State;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people decided alone, and what waits for a second person. Each method joins the caller's transaction. */
public interface DecisionBook {

    /** The customers whom anybody alone let go on since then; nobody else does so until the caller's transaction ends. */
    Set<CustomerId> lockAlone(Instant since);

    /** Counts these customers, and forgets what counts no more. */
    void noteAlone(Collection<CustomerId> customers, String who, Instant now, Instant countedSince);

    /** Writes one that waits. */
    PendingDecision ask(
            PendingDecision.Kind kind,
            List<Request> requests,
            Asker asker,
            Person.Known person,
            Instant now,
            Instant until);

    Optional<PendingDecision> byNumber(long number);

    /** Reads one and locks it until the caller's transaction ends. */
    Optional<PendingDecision> lock(long number);

    /** Newest first; {@code before} is the cursor (exclusive), null for the first page. */
    List<PendingDecision> list(@Nullable State state, @Nullable Long before, int limit, Instant now);

    /** What it is about, in ledger order. */
    List<Item> items(long number);

    /** Notes why it is not carried out on one of its requests. */
    void skip(long number, long request, String why);

    /** Ends one that waits. */
    void decided(long number, State state, Asker by, @Nullable Integer carriedOut, Instant now);

    /**
     * Who asks for something.
     *
     * @param signature as the audit trail has it
     */
    record Asker(String signature, Person person, String cause) {}
}
