package dev.offramp.safety;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Reason;
import dev.offramp.safety.Budget.Unit;
import dev.offramp.safety.Budgets.Reservation.Reserved;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Whatever is reserved, returned and waited for, by whichever node: no budget is exceeded in any window. */
class BudgetPropertyTests {

    private static final Duration WINDOW = Duration.ofHours(24);
    private static final List<String> SOURCES = List.of("/a", "/b");
    private static final List<String> STEPS = List.of("one", "two");

    private static final LedgerFixture LEDGER = LedgerFixture.over(TestDatabase.H2.fresh());
    private static final List<Request> REQUESTS = requests();

    private record Taken(Request request, Instant at) {}

    private static List<Request> requests() {
        List<Request> requests = new ArrayList<>();
        for (int each = 0; each < 24; each++) {
            var admission = each % 3 == 0 ? Admissions.unlink() : Admissions.cancel();
            requests.add(LEDGER.admit(
                    admission.of(Admissions.customer("" + each % 8)).from(SOURCES.get(each % 2))));
        }
        return requests;
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void noBudgetIsExceededInAnyWindowAndWhatIsReturnedIsFreeAgain(@ForAll long seed) {
        var random = new Random(seed);
        LEDGER.jdbc().sql("delete from permit").update();
        int customers = random.nextInt(4);
        int calls = random.nextInt(6);
        int ofSource = random.nextInt(5);
        var book = BudgetBook.over(WINDOW)
                .operation("cancel-subscription", Unit.CUSTOMERS, Limit.of(customers))
                .operation("cancel-subscription", Unit.CALLS, Limit.of(calls))
                .operation("remove-reseller-relationship", Unit.CUSTOMERS, Limit.of(2))
                .source("/a", Unit.CUSTOMERS, Limit.of(ofSource))
                .build();
        List<Budgets> nodes = List.of(node(book), node(book));
        Map<String, Taken> taken = new HashMap<>();
        Instant now = Admissions.START;
        for (int action = 0; action < 40; action++) {
            Request request = REQUESTS.get(random.nextInt(REQUESTS.size()));
            String step = STEPS.get(random.nextInt(2));
            String key = request.number() + " " + step;
            switch (random.nextInt(8)) {
                case 0 -> now = now.plus(Duration.ofHours(random.nextInt(14)));
                case 1 -> {
                    new JdbcPermits(LEDGER.jdbc()).giveBack(request.number(), step);
                    taken.remove(key);
                }
                default -> {
                    Instant at = now;
                    var counted = taken.values().stream()
                            .filter(each -> each.at().isAfter(at.minus(WINDOW)))
                            .toList();
                    boolean mine = taken.containsKey(key) && counted.contains(taken.get(key));
                    boolean fits = mine
                            || (isCancel(request)
                                            ? fits(request, counted, customers, BudgetPropertyTests::isCancel)
                                                    && countedCancels(counted) < calls
                                            : fits(request, counted, 2, each -> !isCancel(each)))
                                    && (request.key().source().equals("/b")
                                            || fits(
                                                    request,
                                                    counted,
                                                    ofSource,
                                                    each -> each.key().source().equals("/a")));
                    var reservation = nodes.get(random.nextInt(2)).reserve(request, step, now);
                    assertThat(reservation instanceof Reserved)
                            .as("%s of %s at %s", step, request.key(), now)
                            .isEqualTo(fits);
                    if (fits && !mine) {
                        taken.put(key, new Taken(request, now));
                    }
                }
            }
        }
    }

    private static boolean fits(Request request, List<Taken> counted, int limit, Predicate<Request> concerned) {
        var customers = counted.stream()
                .map(Taken::request)
                .filter(concerned)
                .map(Request::customerId)
                .distinct()
                .toList();
        return customers.contains(request.customerId()) || customers.size() < limit;
    }

    private static long countedCancels(List<Taken> counted) {
        return counted.stream().filter(each -> isCancel(each.request())).count();
    }

    private static boolean isCancel(Request request) {
        return request.operation().word().equals("cancel-subscription");
    }

    private static Budgets node(BudgetBook book) {
        return new JdbcBudgets(
                LEDGER.jdbc(),
                LEDGER.transactions(),
                book,
                new JdbcCustomerBase(LEDGER.jdbc(), null, false),
                SafetyUnderSimulation.NO_BURSTS);
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void theGuardStepHoldsExactlyWhatWouldGetNoPermit(@ForAll long seed) {
        var random = new Random(seed);
        LEDGER.jdbc().sql("delete from permit").update();
        var budgets = node(BudgetBook.over(WINDOW)
                .operation("cancel-subscription", Unit.CUSTOMERS, Limit.of(random.nextInt(5)))
                .operation("cancel-subscription", Unit.CALLS, Limit.of(random.nextInt(8)))
                .operation("remove-reseller-relationship", Unit.CUSTOMERS, Limit.of(random.nextInt(5)))
                .source("/a", Unit.CUSTOMERS, Limit.of(random.nextInt(5)))
                .source("/b", Unit.CALLS, Limit.of(random.nextInt(8)))
                .build());
        Instant now = Admissions.START;
        for (int each = random.nextInt(6); each > 0; each--) {
            budgets.reserve(REQUESTS.get(random.nextInt(REQUESTS.size())), "one", now);
        }
        var guards = SafetyUnderSimulation.guards(LEDGER.ledger(), budgets, java.util.Set.of());
        var batch = REQUESTS.stream().filter(_ -> random.nextBoolean()).toList();

        var held = guards.hold(batch, now).stream()
                .map(each -> each.request().number())
                .toList();

        assertThat(held)
                .containsExactlyElementsOf(batch.stream()
                        .filter(each -> !(budgets.reserve(each, "one", now) instanceof Reserved))
                        .map(Request::number)
                        .toList());
        assertThat(guards.hold(batch, now))
                .allSatisfy(each -> assertThat(each.resolution().reason()).isEqualTo(Reason.BUDGET_EXCEEDED));
    }
}
