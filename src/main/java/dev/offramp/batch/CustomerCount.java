package dev.offramp.batch;

import dev.offramp.ledger.NamedLease;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.CustomerPage;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.partnercenter.pace.ResourceClass;
import dev.offramp.safety.CustomerBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts the partner's customers for the budgets that are a share of them: once a day, on one node. What could not be
 * read to its end is no count.
 */
final class CustomerCount {

    /** Fifty million customers; whoever names more pages goes in a circle. */
    private static final int MOST_PAGES = 100_000;

    private final PartnerCenter partnerCenter;
    private final Pace pace;
    private final CustomerId partner;
    private final CustomerBase base;
    private final NamedLease lease;
    private final InstantSource clock;
    private final Predicate<Duration> pause;
    private final CountJournal journal;
    private boolean complained;

    /**
     * @param pause waits, and says whether to go on
     */
    CustomerCount(
            PartnerCenter partnerCenter,
            Pace pace,
            PartnerTenantId partner,
            CustomerBase base,
            NamedLease lease,
            InstantSource clock,
            Predicate<Duration> pause,
            CountJournal journal) {
        this.partnerCenter = partnerCenter;
        this.pace = pace;
        this.partner = CustomerId.of(partner.value());
        this.base = base;
        this.lease = lease;
        this.clock = clock;
        this.pause = pause;
        this.journal = journal;
    }

    /** What reading the list came to. */
    private sealed interface Result {

        record Counted(long customers) implements Result {}

        record NotCounted(String why) implements Result {}
    }

    /** Counts if it is wanted and nobody else does. */
    void look() {
        if (!base.wantsCount(clock.instant()) || !lease.hold(clock.instant())) {
            return;
        }
        try {
            // Another node may have counted in between.
            if (base.wantsCount(clock.instant())) {
                note(count());
            }
        } finally {
            lease.giveBack(clock.instant());
        }
    }

    private void note(Result result) {
        switch (result) {
            case Result.Counted counted -> {
                complained = false;
                journal.counted(base.counted(counted.customers(), clock.instant()));
            }
            case Result.NotCounted not -> {
                if (!complained) {
                    journal.notCounted(not.why());
                }
                complained = true;
            }
        }
    }

    private Result count() {
        Set<CustomerId> customers = new HashSet<>();
        @Nullable String continuation = null;
        for (int page = 1; page <= MOST_PAGES; page++) {
            if (!awaitTurn()) {
                return new Result.NotCounted("the service is being stopped");
            }
            switch (partnerCenter.customers(continuation)) {
                case Read.Found<CustomerPage>(CustomerPage found) -> {
                    if (!found.complete()) {
                        return new Result.NotCounted("page %d of the customers is not complete".formatted(page));
                    }
                    found.customers().forEach(each -> customers.add(each.id()));
                    continuation = found.continuation();
                    if (continuation == null) {
                        return new Result.Counted(customers.size());
                    }
                    // A long list takes longer than the lease; nobody else need begin it, too.
                    lease.hold(clock.instant());
                }
                case Read.Throttled<CustomerPage>(Duration retryAfter, var _) -> {
                    pace.hold(ResourceClass.CUSTOMER, retryAfter);
                    return new Result.NotCounted("Partner Center asked for a pause");
                }
                case Read.Unavailable<CustomerPage>(String cause, var _) -> {
                    return new Result.NotCounted(cause);
                }
                case Read.Unreadable<CustomerPage>(String what, var _) -> {
                    return new Result.NotCounted(what);
                }
                case Read.Denied<CustomerPage> denied -> {
                    return new Result.NotCounted("the sign-in is not enough: " + denied.denial());
                }
                case Read.Missing<CustomerPage> _, Read.NotOurCustomer<CustomerPage> _ -> {
                    return new Result.NotCounted("Partner Center knows no list of customers");
                }
            }
        }
        return new Result.NotCounted("the list of customers does not end");
    }

    private boolean awaitTurn() {
        Pace.Reservation turn = pace.reserve(partner, List.of(ResourceClass.CUSTOMER));
        for (Duration wait = turn.remaining(); wait.isPositive(); wait = turn.remaining()) {
            if (!pause.test(wait)) {
                turn.giveBack(List.of(ResourceClass.CUSTOMER));
                return false;
            }
        }
        return true;
    }
}
