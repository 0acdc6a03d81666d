package dev.offramp.safety;

import dev.offramp.ledger.Details;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.safety.Plans.Planned;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What is done by an approved plan only, and that such a plan is kept to: what has changed since it was made is left out.
 *
 * @param required operations that nobody carries out without one
 * @param planned what its plan says about a request
 */
public record PlanRule(Set<Operation> required, Function<Request, Optional<Planned>> planned) {

    /** Nothing needs a plan, and there is none. */
    public static final PlanRule NONE = new PlanRule(Set.of(), _ -> Optional.empty());

    public PlanRule {
        required = Set.copyOf(required);
    }

    /** How a request is held that needs a plan and is of none; no release passes that. */
    Optional<Resolution> needed(Request request) {
        return request.plan() == null && required.contains(request.operation())
                ? Optional.of(Resolution.of(
                        Reason.PLAN_NEEDED,
                        request.effect(),
                        "%s is carried out by an approved plan only (offramp.safety.plan.required)."
                                .formatted(request.operation().word()),
                        Details.with()
                                .advice("Make a plan of it, approve and apply it: bin/offramp plan make.")
                                .build()))
                : Optional.empty();
    }

    /**
     * What is left out because its plan does not say that this is called.
     *
     * @param begun whether anything of the request may be done already
     */
    Optional<Resolution> unplanned(Request request, Step step, boolean begun) {
        return drift(
                request,
                planned.apply(request),
                plan -> plan.steps().contains(step.word()),
                "the call %s is not in it".formatted(step.word()),
                begun);
    }

    /**
     * What is left out because something is other than it was when its plan was made; asked before the first call.
     *
     * @param facts the digest of what was read now
     */
    Optional<Resolution> drifted(Request request, String facts) {
        return drift(
                request,
                planned.apply(request),
                plan -> plan.facts().equals(facts),
                "what was read now is not what was read then",
                false);
    }

    private static Optional<Resolution> drift(
            Request request, Optional<Planned> plan, Predicate<Planned> holds, String found, boolean begun) {
        if (request.plan() == null || plan.filter(holds).isPresent()) {
            return Optional.empty();
        }
        String sentence = "Plan %d does not cover it: %s."
                .formatted(request.plan(), plan.isPresent() ? found : "there is no such plan that is applied");
        // Rejected means that nothing was changed; what was begun waits for a person.
        return Optional.of(
                begun
                        ? Resolution.of(
                                Reason.PLAN_NEEDED,
                                request.effect(),
                                sentence,
                                Details.with()
                                        .advice("Some of its steps may be done. Reject it, and ask for the rest anew.")
                                        .build())
                        : Resolution.of(
                                Reason.FACTS_CHANGED,
                                Effect.NONE,
                                sentence,
                                Details.with()
                                        .advice("Look at it; if it is wanted as it is now, ask for it anew.")
                                        .build()));
    }
}
