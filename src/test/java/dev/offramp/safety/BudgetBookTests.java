package dev.offramp.safety;

import static dev.offramp.testing.Admissions.cancel;
import static dev.offramp.testing.Admissions.customer;
import static dev.offramp.testing.Admissions.unlink;
import static dev.offramp.testing.Definitions.job;
import static dev.offramp.testing.Definitions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.job.JobDefinition;
import dev.offramp.job.Jobs;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import dev.offramp.safety.Budget.Unit;
import dev.offramp.testing.Admissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which budgets concern a request, and what is counted of them. */
class BudgetBookTests {

    private static final BudgetBook BOOK = BudgetBook.over(Duration.ofHours(12))
            .operation("cancel-subscription", Unit.CUSTOMERS, Limit.of(20))
            .operation("cancel-subscription", Unit.CALLS, null)
            .source("/contoso/billing", Unit.CALLS, Limit.of(30))
            .jobs(Jobs.of(List.of(with(
                    new JobDefinition.Guards(Limit.of(4), Limit.of(5), Limit.of(6), Limit.of("1%"), null),
                    job("cancels", Operation.CANCEL_SUBSCRIPTION)))))
            .runs(Unit.CUSTOMERS, Limit.of(7))
            .runs(Unit.CALLS, null)
            .build();

    @Test
    void namesThoseOfTheOperationThenThoseOfSourceJobAndRun() {
        assertThat(inWords(cancel().byJob("cancels").inRun(17, 1)))
                .containsExactly(
                        "20 customers of cancel-subscription in 12 h",
                        "30 calls of the source /contoso/billing in 12 h",
                        "4 customers of the job cancels in 12 h",
                        "5 calls of the job cancels in 12 h",
                        "7 customers of run 17 in the whole run",
                        "6 customers of run 17 in the whole run",
                        "1% calls of run 17 in the whole run");
        assertThat(inWords(cancel().from("/contoso/crm")))
                .containsExactly("20 customers of cancel-subscription in 12 h");
        assertThat(inWords(cancel().from("/contoso/crm").inRun(18, 1)))
                .containsExactly(
                        "20 customers of cancel-subscription in 12 h", "7 customers of run 18 in the whole run");
    }

    @Test
    void allowsNothingToAnOperationThatHasNoBudget() {
        assertThat(inWords(unlink().from("/contoso/crm")))
                .containsExactly("0 customers of remove-reseller-relationship in 24 h");
    }

    @Test
    void needsTheCustomerBaseOnlyForAShareOfIt() {
        assertThat(BOOK.needsBase()).as("of the calls of a run").isTrue();
        assertThat(BudgetBook.over(Duration.ofHours(12))
                        .source("/contoso/billing", Unit.CALLS, Limit.of("2 or 1%"))
                        .build()
                        .needsBase())
                .isTrue();
        assertThat(BudgetBook.over(Duration.ofHours(12))
                        .source("/contoso/billing", Unit.CALLS, Limit.of(30))
                        .runs(Unit.CALLS, Limit.of(3))
                        .build()
                        .needsBase())
                .isFalse();
    }

    @Test
    void countsEachCustomerOnceAndEachRequestOnce() {
        var customers = BOOK.of(request(1, "a")).getFirst();
        var calls = BOOK.of(request(1, "a")).get(1);
        var used = Used.nothing();

        used.count(request(1, "a"));
        used.count(request(1, "a"));
        used.count(request(2, "a"));
        used.count(request(3, "b"));

        assertThat(used.charge(customers, 20, request(4, "b"))).isEqualTo(new Charge(customers, 20, 2, true));
        assertThat(used.charge(customers, 20, request(1, "c"))).isEqualTo(new Charge(customers, 20, 2, false));
        assertThat(used.charge(calls, 30, request(2, "z"))).isEqualTo(new Charge(calls, 30, 3, true));
        assertThat(used.charge(calls, 30, request(4, "a"))).isEqualTo(new Charge(calls, 30, 3, false));
    }

    private static Request request(long number, String customer) {
        return Given.request(number, cancel().of(customer(customer)));
    }

    private static List<String> inWords(Admissions admission) {
        return BOOK.of(Given.request(1, admission)).stream()
                .map(each -> "%s %s of %s in %s"
                        .formatted(
                                each.limit(),
                                each.unit().word(),
                                each.scope().inWords(),
                                each.period().inWords()))
                .toList();
    }
}
