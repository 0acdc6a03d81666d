package dev.offramp.safety;

import static dev.offramp.testing.Admissions.START;
import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.unlink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Burst;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Brake.Pulled;
import dev.offramp.safety.Brake.Scope;
import dev.offramp.safety.Bursts.Rest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What brake, bursts and a doubt about the tenant concern, and how they say it; where they stand is told by other tests. */
class HoldDecisionTests {

    @ParameterizedTest(name = "{0} {1} on cancel-subscription of {2} in {3}: {4}")
    @CsvSource({
        "ALL,       '',                           /a,     ,        true",
        "OPERATION, cancel-subscription,          /a,     ,        true",
        "OPERATION, remove-reseller-relationship, /a,     ,        false",
        "OPERATION, /a,                           /a,     ,        false",
        "SOURCE,    /a,                           /a,     ,        true",
        "SOURCE,    /a,                           /b,     ,        false",
        "GROUP,     wave-1,                       /a,     wave-1,  true",
        "GROUP,     wave-1,                       /b,     wave-1,  true",
        "GROUP,     wave-1,                       /a,     wave-10, false",
        "GROUP,     wave-1,                       wave-1, ,        false"
    })
    void aBrakeAppliesToWhatItNames(Scope scope, String name, String source, @Nullable String group, boolean applies) {
        assertThat(new Pulled(scope, name, START, "jane", "").appliesTo(Operation.CANCEL_SUBSCRIPTION, source, group))
                .isEqualTo(applies);
    }

    @Test
    void aBrakeSaysWhatItStopsAndWhoPulledIt() {
        assertThat(new Pulled(Scope.ALL, "", START, "jane", "an outage").sentence())
                .isEqualTo("The brake on everything was pulled by jane: an outage");
        assertThat(new Pulled(Scope.SOURCE, "/contoso/crm", START, "jane", "an outage").sentence())
                .isEqualTo("The brake on source /contoso/crm was pulled by jane: an outage");
        assertThat(Scope.named("operation")).isEqualTo(Scope.OPERATION);
    }

    @Test
    void aBurstHoldsTheRestOfItsSourceOperationAndGroup() {
        var rest = Rest.of(Given.request(1, cancel().inGroup("autumn")));

        assertThat(rest).isEqualTo(new Rest("/contoso/billing", Operation.CANCEL_SUBSCRIPTION, "autumn"));
        assertThat(rest.inWords())
                .isEqualTo("The rest of cancel-subscription of source /contoso/billing in group 'autumn'");
        assertThat(Rest.of(Given.request(1, unlink())).inWords())
                .isEqualTo(
                        "The rest of remove-reseller-relationship of source /contoso/billing that is without a group");
    }

    @Test
    void aBurstHoldsWhatHasNoAttemptAndNobodyReleased() {
        var request = Given.request(2, cancel());

        assertThat(bursts(true, false).hold(request))
                .hasValueSatisfying(hold -> assertThat(hold.reason()).isEqualTo(Reason.BURST_ON_HOLD));
        assertThat(bursts(true, true).hold(request)).as("has an attempt").isEmpty();
        assertThat(bursts(false, false).hold(request)).as("none is open").isEmpty();
        assertThat(bursts(true, false).hold(Given.released(request, Reason.BUDGET_EXCEEDED, "Full.")))
                .isEmpty();
        assertThat(bursts(true, false).hold(Given.request(1, cancel())))
                .hasValueSatisfying(hold ->
                        assertThat(hold.reason()).as("the one that did not fit").isEqualTo(Reason.BUDGET_EXCEEDED));
    }

    @Test
    void aDoubtAboutTheTenantHoldsTheUnlinksOfItsSourceUntilAPersonReleasedThem() {
        var held = doubt().hold(Given.begun(Given.request(1, unlink()), Effect.PARTIAL));

        assertThat(held).hasValueSatisfying(each -> {
            assertThat(each.reason()).isEqualTo(Reason.CONFIRMATION_NEEDED);
            assertThat(each.effect()).isEqualTo(Effect.PARTIAL);
            assertThat(each.message())
                    .isEqualTo(
                            "Many customers of source /contoso/billing are not ours (4 in a row, since 2026-11-20T08:15:30Z): is this the right partner tenant?");
            assertThat(each.details().advice()).startsWith("Compare the source's list");
        });
        assertThat(doubt().hold(Given.request(1, cancel()))).isEmpty();
        assertThat(doubt().hold(Given.request(1, unlink().from("/contoso/crm"))))
                .isEmpty();
        assertThat(doubt().hold(Given.released(Given.request(1, unlink()), Reason.CONFIRMATION_NEEDED, "Seen.")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0,     0 s",
        "1,    1 s",
        "59,    59 s",
        "60,    1 min",
        "61,     61 s",
        "3600, 1 h",
        "3660, 61 min",
        "3661, 3661 s",
        "86400, 24 h"
    })
    void durationsAreSaidAsPeopleDo(long seconds, String inWords) {
        assertThat(Words.duration(Duration.ofSeconds(seconds))).isEqualTo(inWords);
    }

    private static TenantDoubt doubt() {
        return new TenantDoubt() {
            @Override
            public void note(Request request, long batch, boolean foreign, Instant now) {}

            @Override
            public Optional<Doubt> of(String source) {
                return source.equals("/contoso/billing")
                        ? Optional.of(new Doubt(source, START, "4 in a row"))
                        : Optional.empty();
            }

            @Override
            public List<Doubt> list() {
                return List.of();
            }

            @Override
            public boolean clear(String source, String who, String cause, Instant now) {
                return false;
            }
        };
    }

    private static Bursts bursts(boolean open, boolean attempted) {
        return new Bursts() {
            @Override
            public Optional<Burst> of(Request request) {
                return open
                        ? Optional.of(new Burst("The rest", START, 1, "/contoso/billing request-1", "Full.", true))
                        : Optional.empty();
            }

            @Override
            public boolean isAttempted(Request request) {
                return attempted;
            }

            @Override
            public void lock(Set<Operation> operations) {}

            @Override
            public void open(Request request, Exceeded exceeded, boolean inOrder, Instant now) {}

            @Override
            public List<Open> list() {
                return List.of();
            }

            @Override
            public boolean end(Rest rest, String who, String cause, Instant now) {
                return false;
            }

            @Override
            public int endFinished(Instant now) {
                return 0;
            }
        };
    }
}
