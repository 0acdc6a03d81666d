package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import java.time.Instant;
import java.util.Optional;

/** What the ledger remembers about customers. */
public interface Customers {

    /** A read showed that the customer is ours; {@code as} is its name for people. */
    void seenAsOurs(CustomerId customer, String as, Instant at);

    Optional<Instant> lastSeenAsOurs(CustomerId customer);
}
