package dev.offramp.ledger;

import dev.offramp.offboarding.Operation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Withdraws as they come: each finds the request that it names, or is remembered until that one comes. */
final class Withdraws {

    private final Database database;
    private final RequestRows requests;
    private final CustomerRows customers;
    private final NewRequests newRequests;
    private final Settling settling;

    Withdraws(
            Database database,
            RequestRows requests,
            CustomerRows customers,
            NewRequests newRequests,
            Settling settling) {
        this.database = database;
        this.requests = requests;
        this.customers = customers;
        this.newRequests = newRequests;
        this.settling = settling;
    }

    long admit(Admission withdraw, Instant forgetAt, Instant now) {
        var targetKey = targetOf(withdraw);
        customers.addMissing(List.of(withdraw.customerId()));
        var target = requests.numberOf(targetKey)
                .or(() -> {
                    // Whoever is just admitting a request of this customer is waited for; whoever comes later finds
                    // this withdraw. Only now: a writer locks requests first and their customer afterwards.
                    customers.lock(withdraw.customerId());
                    return requests.numberOf(targetKey);
                })
                .flatMap(requests::lock);
        long number =
                newRequests.add(List.of(withdraw), NewRequests.ADMITTED, now).getFirst();
        if (target.isEmpty()) {
            setDue(number, forgetAt);
        } else {
            setDue(number, null);
            settling.takeBack(target.get(), requests.lock(number).orElseThrow(), now);
        }
        return number;
    }

    /** A withdraw that came before the request that it names takes effect now. */
    void obeyRemembered(List<Admission> admissions, Instant now) {
        var remembered =
                requests.numbersFor(admissions.stream().map(Admission::key).toList(), """
                select r.number
                from unnest(cast(:ids as varchar array)) wanted(id)
                join request r on r.source = :source and r.withdraws_id = wanted.id
                where r.operation = 'withdraw' and r.settled_at is null
                """);
        for (long number : remembered) {
            var withdraw = requests.lock(number).orElseThrow();
            if (!withdraw.isFinal()) {
                var target = requests.numberOf(targetOf(withdraw.admission()))
                        .flatMap(requests::lock)
                        .orElseThrow();
                settling.takeBack(target, withdraw, now);
            }
        }
    }

    private static RequestKey targetOf(Admission withdraw) {
        var id = withdraw.withdrawsId();
        if (withdraw.operation() != Operation.WITHDRAW || id == null) {
            throw new IllegalArgumentException("Not a withdraw that names a request: " + withdraw.key());
        }
        return new RequestKey(withdraw.key().source(), id);
    }

    private void setDue(long number, @Nullable Instant dueAt) {
        database.jdbc()
                .sql("update request set due_at = :dueAt where number = :number")
                .param("dueAt", Parameters.timeOrNull(dueAt))
                .param("number", number)
                .update();
    }
}
