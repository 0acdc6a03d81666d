package dev.offramp.operations;

import dev.offramp.safety.Approvals;
import dev.offramp.safety.DecisionBook.Asker;
import dev.offramp.safety.Person;
import dev.offramp.safety.Plan;
import dev.offramp.safety.PlanApplying;
import dev.offramp.safety.Plans;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** What people decide about plans. */
final class PlanChanges {

    private final Plans plans;
    private final Approvals approvals;
    private final PlanApplying applying;
    private final InstantSource clock;

    PlanChanges(Plans plans, Approvals approvals, PlanApplying applying, InstantSource clock) {
        this.plans = plans;
        this.approvals = approvals;
        this.applying = applying;
        this.clock = clock;
    }

    /** @throws Problem when there is none */
    Plan existing(long number) {
        return plans.byNumber(number).orElseThrow(() -> missing(number));
    }

    /** Approves the plan with this hash, or asks a second person. */
    Approvals.Answer approve(long number, String hash, Change change, Person person) {
        return switch (approvals.approve(number, hash, asker(change, person), clock.instant())) {
            case Approvals.Answer.Refused(String sentence, var members) -> throw Problem.conflict(sentence, members);
            case Approvals.Answer.Unknown _ -> throw missing(number);
            case Approvals.Answer answer -> answer;
        };
    }

    /** Carries it out, once. */
    PlanApplying.Answer.Applied apply(long number, Change change, Person person) {
        return switch (applying.apply(number, asker(change, person), clock.instant())) {
            case PlanApplying.Answer.Applied applied -> applied;
            case PlanApplying.Answer.Refused(String sentence) -> throw Problem.conflict(sentence, stateOf(number));
            case PlanApplying.Answer.Unknown _ -> throw missing(number);
        };
    }

    /** Nobody applies it any more. */
    void discard(long number, Change change) {
        Instant now = clock.instant();
        String cause = change.cause();
        if (!plans.discard(number, change.who(), cause, now)) {
            String state = existing(number).stateAt(now).word();
            throw Problem.conflict("Plan %d is %s already.".formatted(number, state), stateOf(number));
        }
    }

    private Map<String, Object> stateOf(long number) {
        return Map.of("state", existing(number).stateAt(clock.instant()).word());
    }

    private static Asker asker(Change change, Person person) {
        String cause = change.cause();
        return new Asker(change.who(), person, cause);
    }

    private static Problem missing(long number) {
        return Problem.notFound("There is no plan %d.".formatted(number));
    }
}
