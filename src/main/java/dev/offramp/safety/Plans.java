package dev.offramp.safety;

import dev.offramp.ledger.Request;
import dev.offramp.safety.Plan.Fate;
import dev.offramp.safety.Plan.Item;
import dev.offramp.safety.Plan.Judged;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All plans. Each method joins the caller's transaction, or has a short one of its own when there is none; what people do has
 * its entry in the audit trail in it.
 */
public interface Plans {

    /** Writes a plan that is to be made. */
    Plan ask(String about, List<Request> requests, String who, String cause, Instant now);

    Optional<Plan> byNumber(long number);

    /** Newest first; {@code before} is the cursor (exclusive), null for the first page. */
    List<Plan> list(@Nullable Long before, int limit);

    /** The oldest one that is being made. */
    Optional<Plan> unmade();

    /** Its requests after that number whose targets are still to be read, in ledger order. */
    List<Long> unread(long plan, long after, int limit);

    /** Keeps what was found out about one of its requests. */
    void judge(long plan, long request, Judged judged);

    /** Its requests in ledger order. */
    List<Item> items(long plan);

    /**
     * Ends the making.
     *
     * @param heldBack by the number of the request, the guard that would hold it
     * @return false when it was ended already, or discarded
     */
    boolean made(long plan, Map<Long, String> heldBack, Instant now);

    /** Reads one and locks it until the caller's transaction ends. */
    Optional<Plan> lock(long number);

    /** The one about whose approval a second person was asked, locked. */
    Optional<Plan> lockOf(long decision);

    /** Notes that a second person was asked. */
    void awaits(long plan, long decision);

    /**
     * Approves one that is made, with a budget of its own: what exactly it says.
     *
     * @param alone whether one person was enough
     * @return false when it is not made any more
     */
    boolean approve(long plan, String who, String cause, boolean alone, Instant now);

    /**
     * Uses the approval up.
     *
     * @return false when it is not approved any more
     */
    boolean apply(long plan, String who, String cause, Instant now);

    /** Notes the request that carries one of its requests out. */
    void succeed(long plan, long request, long successor);

    /** Notes why nothing was made of one of its requests. */
    void skip(long plan, long request, String why);

    /** What became of its requests once it was applied, in ledger order. */
    List<Fate> fates(long plan);

    /** What its plan says about a request that an applied plan made; empty when there is none. */
    Optional<Planned> planned(Request successor);

    /**
     * What a plan says about one request.
     *
     * @param steps all that may be called, each once
     * @param facts the digest of what was read
     */
    record Planned(long plan, List<String> steps, String facts) {

        public Planned {
            steps = List.copyOf(steps);
        }
    }

    /** @return false when it stands so that it cannot be discarded */
    boolean discard(long plan, String who, String cause, Instant now);

    /** The very text that the hash is of. */
    String content(Plan plan);
}
