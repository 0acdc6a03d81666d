package dev.offramp.safety;

import static dev.offramp.testing.Definitions.NO_JOBS;
import static dev.offramp.testing.Definitions.job;
import static dev.offramp.testing.Definitions.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.job.SourceBudgets;
import dev.offramp.offboarding.CoolingOff;
import dev.offramp.offboarding.Freeze;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import dev.offramp.safety.Budget.Scope;
import dev.offramp.safety.Budget.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Which budgets the configuration means, and that docs/safety.md says the same. */
class ProfileTests {

    private static final Pattern TABLE = Pattern.compile("(?s)<!-- profiles -->\n(.*)<!-- end of profiles -->");

    @ParameterizedTest(name = "{1} of {2} customers under {0}: {3}")
    @CsvSource({
        "commissioning, cancel-subscription, 100000, 5",
        "commissioning, remove-reseller-relationship, 100000, 5",
        "steady, cancel-subscription, 100, 20",
        "steady, cancel-subscription, 2100, 21",
        "steady, suspend-subscription, 2100, 21",
        "steady, reactivate-subscription, 2100, 21",
        "steady, turn-off-auto-renew, 2100, 21",
        "steady, remove-reseller-relationship, 2100, 5",
        "steady, remove-reseller-relationship, 3000, 6",
    })
    void aProfileSaysHowManyCustomersAnOperationMayTouch(
            String profile, String operation, long customers, long allowed) {
        assertThat(limitOf(operation, book(Map.of("profile", profile))).allowed(OptionalLong.of(customers)))
                .isEqualTo(allowed);
    }

    @Test
    void aProfileSaysHowManyCustomersGoFirstAndAllowsNothingToAWithdraw() {
        assertThat(Profile.COMMISSIONING.canaries()).isZero();
        assertThat(Profile.STEADY.canaries()).isEqualTo(3);
        assertThat(Profile.STEADY.customers(Operation.WITHDRAW)).isEqualTo(Limit.of(0));
    }

    @Test
    void theDocumentSaysWhatTheProfilesAllow() throws IOException {
        var table = TABLE.matcher(Files.readString(Path.of("docs", "safety.md")));

        assertThat(table.find()).isTrue();
        assertThat(table.group(1))
                .isEqualTo("| operation | `commissioning` | `steady` |\n|---|---|---|\n"
                        + Stream.of(Operation.values())
                                .filter(Operation::destructive)
                                .map(each -> "| `%s` | %s | %s |\n"
                                        .formatted(
                                                each.word(),
                                                Profile.COMMISSIONING.customers(each),
                                                Profile.STEADY.customers(each)))
                                .collect(Collectors.joining()));
    }

    @Test
    void theDocumentNamesEveryReasonForWhichAGuardHoldsNow() throws IOException {
        assertThat(Files.readString(Path.of("docs", "safety.md")))
                .contains(
                        "`held: protected-customer`",
                        "`held: budget-exceeded`",
                        "`held: expectation-mismatch`",
                        "`held: confirmation-needed`",
                        "`deferred: outside-run-window`");
    }

    @Test
    void whatIsSaidOfAnOperationStandsBeforeItsProfile() {
        var book = book(Map.of(
                "profile", "steady",
                "budget.customers.cancel-subscription", 7,
                "budget.customers.suspend-subscription", "3 or 2%"));

        assertThat(limitOf("cancel-subscription", book)).isEqualTo(Limit.of(7));
        assertThat(limitOf("suspend-subscription", book)).isEqualTo(Limit.of("3 or 2%"));
        assertThat(limitOf("turn-off-auto-renew", book)).isEqualTo(Limit.of("20 or 1%"));
    }

    @Test
    void everyOperationHasABudgetOfCustomersAndNothingElseUnlessSaid() {
        var book = book(Map.of());

        assertThat(book.standing())
                .hasSize(5)
                .allSatisfy((_, budgets) -> assertThat(budgets).singleElement().satisfies(each -> {
                    assertThat(each.unit()).isEqualTo(Unit.CUSTOMERS);
                    assertThat(each.limit()).isEqualTo(Limit.of(5));
                    assertThat(each.period().inWords()).isEqualTo("24 h");
                }));
        assertThat(book.ofRuns()).isEmpty();
        assertThat(book.needsBase()).isFalse();
    }

    @Test
    void readsBudgetsOfCallsNightsAndRuns() {
        var book = book(Map.of(
                "budget.window", "12h",
                "budget.calls.cancel-subscription", "30",
                "budget.night.from", "21:00",
                "budget.night.until", "05:30",
                "budget.night.time-zone", "Europe/Berlin",
                "budget.night.customers.cancel-subscription", "4",
                "budget.night.calls.cancel-subscription", "9",
                "budget.run.customers", "11",
                "budget.run.calls", "1%"));

        assertThat(book.standing().get(operation("cancel-subscription")))
                .extracting(each -> "%s %s in %s"
                        .formatted(
                                each.limit(), each.unit().word(), each.period().inWords()))
                .containsExactly(
                        "5 customers in 12 h",
                        "30 calls in 12 h",
                        "4 customers in a night (21:00 to 05:30 Europe/Berlin)",
                        "9 calls in a night (21:00 to 05:30 Europe/Berlin)");
        assertThat(book.ofRun("any", 17))
                .extracting(each -> "%s: %s %s"
                        .formatted(
                                each.scope().inWords(),
                                each.limit(),
                                each.unit().word()))
                .containsExactly("run 17: 11 customers", "run 17: 1% calls");
        assertThat(book.needsBase()).isTrue();
    }

    @Test
    void readsTheBudgetsOfJobsAndTheirRuns() {
        var guards = new JobDefinition.Guards(Limit.of(7), Limit.of(8), Limit.of(9), Limit.of(10), null);
        var book = properties(Map.of("budget.run.customers", "11"))
                .book(
                        Jobs.of(List.of(with(guards, job("cancels", Operation.CANCEL_SUBSCRIPTION)))),
                        SourceBudgets.NONE);

        assertThat(book.standing().get(new Scope(Scope.Kind.JOB, "cancels")))
                .extracting(each -> each.limit() + " " + each.unit().word())
                .containsExactly("7 customers", "8 calls");
        assertThat(book.ofRun("cancels", 1))
                .extracting(each -> each.limit() + " " + each.unit().word())
                .containsExactly("11 customers", "9 customers", "10 calls");
        assertThat(book.ofRun("other", 1)).hasSize(1);
    }

    @Test
    void readsTheBudgetsOfSources() {
        var sources = new SourceBudgets(Map.of(
                "/contoso/billing", new SourceBudgets.SourceBudget(Limit.of("50 or 2%"), Limit.of(80)),
                "/contoso/crm", new SourceBudgets.SourceBudget(null, null)));

        var book = properties(Map.of()).book(NO_JOBS, sources);

        assertThat(book.standing().get(new Scope(Scope.Kind.SOURCE, "/contoso/billing")))
                .extracting(each -> "%s %s in %s"
                        .formatted(
                                each.limit(), each.unit().word(), each.period().inWords()))
                .containsExactly("50 or 2% customers in 24 h", "80 calls in 24 h");
        assertThat(book.standing()).doesNotContainKey(new Scope(Scope.Kind.SOURCE, "/contoso/crm"));
        assertThat(book.needsBase()).isTrue();
    }

    @Test
    void saysWhichKeyIsWrong() {
        assertThatThrownBy(() -> book(Map.of("budget.customers.cancel-subscription", "many")))
                .rootCause()
                .hasMessageContaining("'many' is no limit");
        assertThatThrownBy(() -> book(Map.of("budget.customers.cancel-subscription", "-1")))
                .hasStackTraceContaining("offramp.safety.budget.customers.cancel-subscription: '-1' is no limit");
        assertThatThrownBy(() -> book(Map.of("budget.night.calls.cancel", "1")))
                .hasStackTraceContaining(
                        "offramp.safety.budget.night.calls: there is no operation 'cancel'; write one of")
                .hasStackTraceContaining("cancel-subscription");
        assertThatThrownBy(() -> book(Map.of("budget.run.calls", "x")))
                .hasStackTraceContaining("offramp.safety.budget.run.calls: 'x' is no limit");
        assertThatThrownBy(() -> book(Map.of("customer-base", "-5")))
                .hasStackTraceContaining("offramp.safety.customer-base is -5; write 0 or more, or leave it out.");
        assertThatThrownBy(() -> book(Map.of("budget.window", "0s")))
                .hasStackTraceContaining("offramp.safety.budget.window is PT0S; write a duration above zero");
    }

    @Test
    void letsUnlinksCoolOffForAnHourUnlessTheConfigurationSaysOtherwise() {
        assertThat(properties(Map.of()).coolingOffs()).isEqualTo(CoolingOff.USUAL);
        assertThat(CoolingOff.USUAL.by())
                .isEqualTo(Map.of(Operation.REMOVE_RESELLER_RELATIONSHIP, Duration.ofHours(1)));

        var said = properties(Map.of(
                        "cooling-off.remove-reseller-relationship", "0s", "cooling-off.cancel-subscription", "15m"))
                .coolingOffs();

        assertThat(said.of(Operation.REMOVE_RESELLER_RELATIONSHIP)).isZero();
        assertThat(said.of(Operation.CANCEL_SUBSCRIPTION)).isEqualTo(Duration.ofMinutes(15));
        assertThatThrownBy(() -> properties(Map.of("cooling-off.unlink", "1h")))
                .hasStackTraceContaining("offramp.safety.cooling-off: there is no operation 'unlink'; write one of");
        assertThatThrownBy(() -> properties(Map.of("cooling-off.cancel-subscription", "-1h")))
                .hasStackTraceContaining(
                        "offramp.safety.cooling-off.cancel-subscription is PT-1H; write a duration of 0 or more, e.g. 1h.");
    }

    @Test
    void readsTheFreezesAndSaysWhichOneIsWrong() {
        var freezes = properties(Map.of(
                        "freezes[0].from", "2026-12-31T12:00",
                        "freezes[0].until", "2027-01-08T08:00",
                        "freezes[0].operations", "remove-reseller-relationship",
                        "freezes[0].reason", "Closing of the books",
                        "freezes[1].from", "2026-12-19",
                        "freezes[1].until", "2027-01-03",
                        "freezes[1].time-zone", "Europe/Berlin",
                        "freezes[1].reason", "Holidays"))
                .freezeCalendar()
                .freezes();

        assertThat(freezes).extracting(Freeze::reason).containsExactly("Holidays", "Closing of the books");
        assertThat(freezes.getFirst().ends()).isEqualTo("2027-01-03T23:00:00Z");
        assertThat(freezes.getLast().operations()).containsExactly(Operation.REMOVE_RESELLER_RELATIONSHIP);
        assertThat(freezes.getLast().begins()).isEqualTo("2026-12-31T12:00:00Z");

        assertThatThrownBy(() -> properties(Map.of("freezes[0].reason", "x")))
                .hasStackTraceContaining(
                        "offramp.safety.freezes[0]: from: '' is no local date or date-time; write e.g. 2026-12-20");
        assertThatThrownBy(() -> properties(Map.of("freezes[0].operations", "cancel")))
                .hasStackTraceContaining("offramp.safety.freezes[0].operations: there is no operation 'cancel'");
    }

    private static Limit limitOf(String operation, BudgetBook book) {
        return book.standing().get(operation(operation)).getFirst().limit();
    }

    private static Scope operation(String word) {
        return new Scope(Scope.Kind.OPERATION, word);
    }

    private static BudgetBook book(Map<String, Object> keys) {
        return properties(keys).book(NO_JOBS, SourceBudgets.NONE);
    }

    private static SafetyProperties properties(Map<String, Object> keys) {
        var all = new HashMap<String, Object>();
        keys.forEach((key, value) -> all.put("offramp.safety." + key, value));
        return new Binder(new MapConfigurationPropertySource(all))
                .bindOrCreate("offramp.safety", SafetyProperties.class);
    }
}
