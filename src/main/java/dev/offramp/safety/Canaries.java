package dev.offramp.safety;

import dev.offramp.ledger.Request;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The first customers of a group, a run or a job's window go; the rest waits until they are well. Who they are is decided under
 * the row of the group, run or window, and stays so.
 */
interface Canaries {

    /** The sentence with which a request is held as others go first; empty when it may go. It may become one of the first. */
    Optional<String> hold(Request request, Instant now);

    /** The same, as it stands and without changing anything. */
    Optional<String> wouldHold(Request request, Instant now);

    /**
     * Locks those of these requests to the end of the caller's transaction, in the one order in which everybody does it: for a
     * transaction that is going to ask for several.
     */
    void lock(Collection<Request> requests, Instant now);

    /**
     * Lets those go on that wait for what is well by now, and says to those that wait for what is not that a person decides.
     *
     * @param stopping whether to end after the chunk at hand
     * @return how many it concerned
     */
    int review(Instant now, BooleanSupplier stopping);

    /** Nobody goes first. */
    Canaries NONE = new Canaries() {
        @Override
        public Optional<String> hold(Request request, Instant now) {
            return Optional.empty();
        }

        @Override
        public Optional<String> wouldHold(Request request, Instant now) {
            return Optional.empty();
        }

        @Override
        public void lock(Collection<Request> requests, Instant now) {}

        @Override
        public int review(Instant now, BooleanSupplier stopping) {
            return 0;
        }
    };
}
