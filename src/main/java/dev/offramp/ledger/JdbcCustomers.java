package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is remembered in the customers' rows. */
final class JdbcCustomers implements Customers {

    private final Database database;

    JdbcCustomers(Database database) {
        this.database = database;
    }

    @Override
    public void seenAsOurs(CustomerId customer, String as, Instant at) {
        database.transactions().executeWithoutResult(status -> {
            database.dialect()
                    .insertMissing(database.many(), "customer (id)", ":id", List.of(Map.of("id", customer.value())));
            database.jdbc()
                    .sql("""
                    update customer
                    set seen_as_ours_at = :at, seen_as = :as
                    where id = :id
                      and (seen_as_ours_at is null or seen_as_ours_at < :at)
                    """)
                    .param("at", Parameters.time(at))
                    .param("as", as)
                    .param("id", customer.value())
                    .update();
        });
    }

    @Override
    public Optional<Instant> lastSeenAsOurs(CustomerId customer) {
        return database.jdbc()
                .sql("select seen_as_ours_at from customer where id = :id and seen_as_ours_at is not null")
                .param("id", customer.value())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }
}
