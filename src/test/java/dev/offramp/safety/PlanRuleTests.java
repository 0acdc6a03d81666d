package dev.offramp.safety;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Step;
import dev.offramp.safety.Plans.Planned;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanRuleTests {

    private static final Step UNLINK = new Step.RemoveRelationship();

    private final PlanRule rule = new PlanRule(
            Set.of(Operation.REMOVE_RESELLER_RELATIONSHIP),
            request -> request.number() == 2
                    ? Optional.of(new Planned(7, List.of("cancel:x", "unlink"), "facts"))
                    : Optional.empty());

    private final Request alone = Given.request(1, unlink().of(customer("a")));
    private final Request planned = Given.request(2, unlink().of(customer("a")).ofPlan(7));
    private final Request ofNoPlan = Given.request(3, unlink().of(customer("a")).ofPlan(8));

    @Test
    void holdsWhatNeedsAPlanAndIsOfNone() {
        var held = rule.needed(alone).orElseThrow();

        assertThat(held.reason()).isEqualTo(Reason.PLAN_NEEDED);
        assertThat(held.message())
                .isEqualTo(
                        "remove-reseller-relationship is carried out by an approved plan only (offramp.safety.plan.required).");
        assertThat(held.details().advice()).contains("bin/offramp plan make");
        assertThat(rule.needed(planned)).isEmpty();
        assertThat(rule.needed(Given.request(4, cancel().of(customer("a"))))).isEmpty();
        assertThat(PlanRule.NONE.needed(alone)).isEmpty();
    }

    @Test
    void asksNothingOfWhatIsOfNoPlan() {
        assertThat(rule.unplanned(alone, UNLINK, false)).isEmpty();
        assertThat(rule.drifted(alone, "other facts")).isEmpty();
    }

    @Test
    void takesTheStepsOfThePlanOnly() {
        assertThat(rule.unplanned(planned, UNLINK, false)).isEmpty();
        assertThat(rule.unplanned(planned, UNLINK, true)).isEmpty();

        Step other = new Step.CancelOrder("o");
        assertThat(rule.unplanned(planned, other, false).orElseThrow())
                .extracting(Resolution::reason, Resolution::effect, Resolution::message)
                .containsExactly(
                        Reason.FACTS_CHANGED,
                        Effect.NONE,
                        "Plan 7 does not cover it: the call cancel-order:o is not in it.");
        assertThat(rule.unplanned(planned, other, true).orElseThrow())
                .as("what may be begun is not rejected: a person decides")
                .extracting(Resolution::reason)
                .isEqualTo(Reason.PLAN_NEEDED);
    }

    @Test
    void leavesOutWhatIsOtherThanItWas() {
        assertThat(rule.drifted(planned, "facts")).isEmpty();

        assertThat(rule.drifted(planned, "other facts").orElseThrow())
                .extracting(Resolution::reason, Resolution::message)
                .containsExactly(
                        Reason.FACTS_CHANGED, "Plan 7 does not cover it: what was read now is not what was read then.");
    }

    @Test
    void takesNothingThatSaysItIsOfAPlanAndIsNot() {
        assertThat(rule.unplanned(ofNoPlan, UNLINK, false).orElseThrow().message())
                .isEqualTo("Plan 8 does not cover it: there is no such plan that is applied.");
        assertThat(rule.drifted(ofNoPlan, "facts")).isPresent();
    }
}
