package dev.offramp.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.partnercenter.AuditRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FindingsTests {

    private static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final CustomerId CUSTOMER = CustomerId.of("5921f00a-32c0-4457-aaa1-e8018c650895");
    private static final Duration TOLERANCE = Duration.ofHours(2);

    @Test
    void nothingIsWrongWhenBothSidesTellTheSame() {
        var findings = compare(List.of(record(NOON.plusSeconds(3), "s-1", "deleted")), call(NOON, "s-1", true));

        assertThat(findings.matched()).isEqualTo(1);
        assertThat(findings.wantPerson()).isFalse();
    }

    @Test
    void whatSomebodyElseCancelledIsListed() {
        var findings = compare(List.of(record(NOON, "s-1", "deleted")));

        assertThat(findings.withoutRequest()).singleElement().satisfies(each -> {
            assertThat(each.customerId()).isEqualTo(CUSTOMER.value());
            assertThat(each.resources()).containsExactly("s-1");
            assertThat(each.who()).isEqualTo("jane");
        });
        assertThat(findings.wantPerson()).isTrue();
    }

    @Test
    void whatLosesNothingIsOnlyCounted() {
        var findings = compare(List.of(
                record(NOON, "s-1", "active"),
                record(NOON, "s-2", null),
                of(NOON, "update_subscription", "succeeded", CUSTOMER, "s-3", "active", false),
                of(NOON, "update_order", "succeeded", CUSTOMER, "o-1", "completed", null),
                of(NOON, "update_order", "succeeded", CUSTOMER, "o-2", "cancelled", null)));

        assertThat(findings.ordinary()).isEqualTo(2);
        assertThat(findings.withoutRequest())
                .as("what does not say what it became is no ordinary change")
                .extracting(each -> each.resources().getFirst())
                .containsExactlyInAnyOrder("s-2", "s-3", "o-2");
    }

    @Test
    void whatNoRecordShowsIsLateAtFirstAndThenMissing() {
        var call = List.of(call(NOON, "s-1", true));

        assertThat(Findings.of(DAY, List.of(), call, TOLERANCE, true).late()).hasSize(1);
        assertThat(Findings.of(DAY, List.of(), call, TOLERANCE, true).wantPerson())
                .isFalse();
        assertThat(Findings.of(DAY, List.of(), call, TOLERANCE, false).missing())
                .hasSize(1);
        assertThat(Findings.of(DAY, List.of(), call, TOLERANCE, false).wantPerson())
                .isTrue();
    }

    @Test
    void aCallOfWhichNobodyKnowsExplainsARecordAndIsNeverMissed() {
        assertThat(compare(List.of(record(NOON, "s-1", "deleted")), call(NOON, "s-1", false)))
                .satisfies(findings -> {
                    assertThat(findings.explained()).hasSize(1);
                    assertThat(findings.wantPerson()).isFalse();
                });
        assertThat(compare(List.of(), call(NOON, "s-1", false)).wantPerson()).isFalse();
    }

    @Test
    void eachEffectBelongsToOneDayAlsoAtMidnight() {
        var before = Instant.parse("2026-11-20T23:59:59Z");
        var after = Instant.parse("2026-11-21T00:00:04Z");
        var records = List.of(record(after, "s-1", "deleted"));
        var calls = List.of(call(before, "s-1", true));

        for (var day : List.of(DAY, DAY.plusDays(1))) {
            assertThat(Findings.of(day, records, calls, TOLERANCE, false).wantPerson())
                    .as(day.toString())
                    .isFalse();
        }
        assertThat(Findings.of(DAY, records, List.of(), TOLERANCE, false).wantPerson())
                .as("told on the day of its record")
                .isFalse();
        assertThat(Findings.of(DAY.plusDays(1), records, List.of(), TOLERANCE, false)
                        .withoutRequest())
                .hasSize(1);
    }

    @Test
    void whatARecordCannotSayIsCountedAndNamed() {
        var findings = compare(List.of(
                of(NOON, "create_order", "succeeded", CUSTOMER, "o", null, null),
                of(NOON, "CREATE_ORDER", "succeeded", CUSTOMER, "o2", null, null),
                of(NOON, "update_subscription", "failed", CUSTOMER, "s", null, null),
                of(NOON, "update_subscription", "progress", CUSTOMER, "s", null, null),
                of(NOON, "update_subscription", "", CUSTOMER, "s", null, null),
                of(NOON, "", "succeeded", CUSTOMER, "s", null, null),
                of(null, "update_subscription", "succeeded", CUSTOMER, "s", "deleted", null),
                of(NOON, "update_subscription", "succeeded", null, "s", "deleted", null),
                of(NOON.plus(Duration.ofDays(1)), "create_order", "succeeded", CUSTOMER, "o", null, null)));

        assertThat(findings.otherOperations()).isEqualTo(Map.of("create_order", 2));
        assertThat(findings.notSucceeded()).isEqualTo(Map.of("failed", 1, "progress", 1));
        assertThat(findings.unreadable())
                .isEqualTo(Map.of("operationStatus", 1, "operationType", 1, "operationDate", 1, "customerId", 1));
        assertThat(findings.withoutRequest()).isEmpty();
    }

    private static Findings compare(List<AuditRecord> records, Called... calls) {
        return Findings.of(DAY, records, Arrays.asList(calls), TOLERANCE, false);
    }

    private static AuditRecord record(Instant at, String subscription, @Nullable String status) {
        return of(at, "update_subscription", "succeeded", CUSTOMER, subscription, status, null);
    }

    private static AuditRecord of(
            @Nullable Instant at,
            String operation,
            String status,
            @Nullable CustomerId customer,
            String resource,
            @Nullable String after,
            @Nullable Boolean renews) {
        return new AuditRecord(at, operation, status, customer, Set.of(resource), null, "jane", after, renews);
    }

    private static Called call(Instant at, String subscription, boolean sure) {
        return new Called(new Done(at, Effect.SUBSCRIPTION_UPDATED, CUSTOMER, subscription, "correlation", 1), sure);
    }
}
