package dev.offramp.offboarding;

import static dev.offramp.offboarding.Given.LICENCE;
import static dev.offramp.offboarding.Given.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What is written into the ledger and into messages is read as what it was. */
class WordsTests {

    private static final List<Step> STEPS = List.of(
            new Step.RemoveRelationship(),
            new Step.ChangeSubscription(LICENCE, Change.CANCEL, true),
            new Step.ChangeSubscription(LICENCE, Change.AUTO_RENEW_OFF, true),
            new Step.ChangeSubscription(OTHER, Change.SUSPEND, false),
            new Step.CancelOrder("order:1"),
            new Step.CancelOrder("order:1", 12),
            new Step.CancelAzureSubscription(LICENCE, "azure-1"));

    @ParameterizedTest
    @FieldSource("STEPS")
    void readsEachStepAgain(Step step) {
        assertThat(Step.of(step.word(), LICENCE)).contains(step);
    }

    @Test
    void readsNoStepOfASubscriptionThatNobodyNames() {
        assertThat(Step.of("cancel", null)).isEmpty();
        assertThat(Step.of("cancel-azure:azure-1", null)).isEmpty();
        assertThat(Step.of("unlink", null)).contains(new Step.RemoveRelationship());
        assertThat(Step.of("suspend:" + OTHER, null))
                .contains(new Step.ChangeSubscription(OTHER, Change.SUSPEND, false));
        assertThat(Step.of("explode", LICENCE)).isEmpty();
        assertThat(Step.of("explode:" + OTHER, LICENCE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void readsEachOperationAgain(Operation operation) {
        assertThat(Operation.of(operation.word())).contains(operation);
        assertThat(Operation.named(operation.word())).isEqualTo(operation);
    }

    @ParameterizedTest
    @EnumSource
    void readsEachReasonAgain(Reason reason) {
        assertThat(Reason.named(reason.word())).isEqualTo(reason);
    }

    @ParameterizedTest
    @EnumSource
    void readsEachStatusAgain(Status status) {
        assertThat(Status.named(status.word())).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource
    void readsEachEffectAgain(Effect effect) {
        assertThat(Effect.named(effect.word())).isEqualTo(effect).hasToString(effect.name());
        assertThat(effect.word()).doesNotContain("_").isLowerCase();
    }

    @ParameterizedTest
    @EnumSource
    void readsEachEndOfALastChanceAgain(LastChance.End end) {
        assertThat(LastChance.End.named(end.word())).isEqualTo(end);
        assertThat(end.word()).doesNotContain("_").isLowerCase();
    }

    @Test
    void saysWhichWordItDoesNotKnow() {
        assertThat(Operation.of("explode")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Operation.named("explode"))
                .withMessage("There is no operation 'explode'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reason.named("whim"))
                .withMessage("There is no reason 'whim'");
    }

    @Test
    void spellsTermsAsMessagesDo() {
        assertThat(Terms.IfWindowClosed.TURN_OFF_AUTO_RENEW.word()).isEqualTo("turn-off-auto-renew");
        assertThat(Terms.OnActiveSubscriptions.SUSPEND.word()).isEqualTo("suspend");
        assertThat(Terms.OnActiveAzureSubscriptions.CANCEL.word()).isEqualTo("cancel");
    }

    @Test
    void writesIdsInLowerCase() {
        String upper = "6E7AA601-629E-461B-8933-0898C3CC3C7C";

        assertThat(SubscriptionId.of(upper)).isEqualTo(LICENCE).hasToString(LICENCE.value());
        assertThat(CustomerId.of(upper)).hasToString(LICENCE.value());
        assertThat(PartnerTenantId.of(upper)).hasToString(LICENCE.value());
        assertThat(new OrderTarget("order-1", null)).hasToString("order order-1");
        assertThat(new OrderTarget("order-1", 2).toString()).contains("order-1").contains("2");
    }
}
