package dev.offramp.ledger;

import dev.offramp.offboarding.CustomerId;
import java.time.Instant;
import java.util.Collection;

/** Turns in the customers' rows. */
final class JdbcTurns implements Turns {

    private final Database database;
    private final CustomerRows customers;

    JdbcTurns(Database database) {
        this.database = database;
        customers = new CustomerRows(database);
    }

    @Override
    public boolean win(CustomerId customer, Fence fence, int item, Instant now) {
        return database.transactions().execute(status -> {
            // A statement that had to wait for the row would judge the leases as they stood before it waited; the next
            // statement sees them as they stand now.
            customers.lock(customer);
            return database.jdbc()
                            .sql("""
                            update customer
                            set turn_batch = :batch, turn_lease = :lease, turn_item = :item, turn_taken_at = :now
                            where id = :customer
                              and exists (
                                  select 1 from batch ours
                                  where ours.number = :batch and ours.lease_number = :lease
                                    and ours.state = 'running' and ours.lease_until > :now)
                              and (turn_batch is null
                                  or (turn_batch = :batch and turn_lease = :lease and turn_item = :item)
                                  or not exists (
                                      select 1 from batch theirs
                                      where theirs.number = turn_batch and theirs.lease_number = turn_lease
                                        and theirs.state = 'running' and theirs.lease_until > :now))
                            """)
                            .param("batch", fence.batch())
                            .param("lease", fence.leaseNumber())
                            .param("item", item)
                            .param("customer", customer.value())
                            .param("now", Parameters.time(now))
                            .update()
                    == 1;
        });
    }

    @Override
    public void giveBack(Fence fence, Collection<Integer> items) {
        if (items.isEmpty()) {
            return;
        }
        database.write(database.jdbc()
                .sql("""
                update customer
                set turn_batch = null, turn_lease = null, turn_item = null, turn_taken_at = null
                where turn_batch = :batch and turn_lease = :lease and turn_item in (:items)
                """)
                .param("batch", fence.batch())
                .param("lease", fence.leaseNumber())
                .param("items", items));
    }
}
