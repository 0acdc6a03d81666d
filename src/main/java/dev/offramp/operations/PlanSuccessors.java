package dev.offramp.operations;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Requests.Filter;
import dev.offramp.ledger.Requests.Filter.By;
import dev.offramp.offboarding.Status;
import dev.offramp.request.RequestsByHand;
import dev.offramp.request.RequestsByHand.Brought;
import dev.offramp.safety.DecisionBook.Asker;
import dev.offramp.safety.PlanApplying.Made;
import dev.offramp.safety.PlanApplying.Successors;
import java.time.Instant;

/** Asks for what a planned request asked for, by the rules of today, unless somebody has done so meanwhile. */
final class PlanSuccessors implements Successors {

    private final RequestsByHand byHand;
    private final Requests requests;
    private final Audit audit;

    PlanSuccessors(RequestsByHand byHand, Requests requests, Audit audit) {
        this.byHand = byHand;
        this.requests = requests;
        this.audit = audit;
    }

    @Override
    public Made of(Request planned, long plan, Asker by) {
        var again = requests.list(Filter.ALL.and(By.RESUBMITS, planned.number()), null, 1).stream()
                .filter(each -> !each.isFinal() || each.status() == Status.SUCCEEDED)
                .findFirst();
        if (again.isPresent()) {
            return new Made.Not("Request %d asks for it again already (%s: %s)."
                    .formatted(
                            again.get().number(),
                            again.get().status().word(),
                            again.get().reason().word()));
        }
        return switch (byHand.planned(planned, plan, (made, now) -> note(planned, made, plan, by, now))) {
            case Brought.Admitted(Request made) -> new Made.As(made);
            case Brought.Repeated(Request made) -> new Made.As(made);
            case Brought.Refused(String _, String sentence) -> new Made.Not(sentence);
        };
    }

    private void note(Request planned, Request made, long plan, Asker by, Instant now) {
        audit.add(
                new Audit.Entry(
                        by.signature(),
                        "request made by a plan",
                        "request " + made.number(),
                        by.cause(),
                        "%s; plan %d, for request %d, %s".formatted(made.key(), plan, planned.number(), planned.key())),
                now);
        audit.add(
                new Audit.Entry(
                        by.signature(),
                        "request carried out by a plan",
                        "request " + planned.number(),
                        by.cause(),
                        "%s; plan %d, as request %d, %s".formatted(planned.key(), plan, made.number(), made.key())),
                now);
    }
}
