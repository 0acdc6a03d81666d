package dev.offramp.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.NamedLease;
import dev.offramp.offboarding.Customer;
import dev.offramp.partnercenter.Answer;
import dev.offramp.partnercenter.CustomerPage;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.pace.ResourceClass;
import dev.offramp.safety.CustomerBase;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class CustomerCountTests {

    private final SettableClock clock = new SettableClock(Admissions.START);
    private final FakePartnerCenter partnerCenter = new FakePartnerCenter();
    private final BatchNode.SettablePace pace = new BatchNode.SettablePace();
    private final JdbcClient jdbc = JdbcClient.create(TestDatabase.H2.fresh());
    private final Counts base = new Counts();
    private final List<@Nullable String> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    @Test
    void countsAllPagesEachCustomerOnceAndPacesEachRead() {
        pages(page("2", "a", "b"), page("3", "b", "c"), page(null, "d"));

        count("one").look();

        assertThat(base.counted).containsExactly(4L);
        assertThat(asked).containsExactly(null, "2", "3");
        assertThat(pace.reserved).hasSize(3).containsOnly(List.of(ResourceClass.CUSTOMER));
        assertThat(told).containsExactly("counted 4");
    }

    @Test
    void countsOnlyWhenItIsWantedAndNobodyElseDoes() {
        pages(page(null, "a"));
        base.wanted = false;
        count("one").look();
        base.wanted = true;
        var other = lease("other");
        assertThat(other.hold(clock.instant())).isTrue();
        count("one").look();
        assertThat(asked).isEmpty();

        clock.pass(Duration.ofMinutes(10));
        count("one").look();
        assertThat(base.counted).containsExactly(1L);
        assertThat(other.hold(clock.instant())).as("the lease was given back").isTrue();
    }

    @Test
    void countsOnceWhenAnotherNodeCountedInBetween() {
        pages(page(null, "a"));
        base.wantedOnce = true;

        count("one").look();

        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("halfRead")
    void takesWhatIsNotReadToItsEndForNoCountAndSaysSoOnce(Read<CustomerPage> second, String why) {
        pages(page("2", "a"), second);
        var count = count("one");

        count.look();
        count.look();

        assertThat(base.counted).isEmpty();
        assertThat(told).containsExactly(why);
        pages(page(null, "a"));
        count.look();
        assertThat(told).containsExactly(why, "counted 1");
    }

    static Stream<Arguments> halfRead() {
        return Stream.of(
                Arguments.of(
                        new Read.Found<>(new CustomerPage(List.of(), null, false)),
                        "page 2 of the customers is not complete"),
                Arguments.of(
                        new Read.Throttled<CustomerPage>(Duration.ofSeconds(9), Answer.none("429")),
                        "Partner Center asked for a pause"),
                Arguments.of(new Read.Unavailable<CustomerPage>("no answer", Answer.none("500")), "no answer"),
                Arguments.of(new Read.Unreadable<CustomerPage>("no list", Answer.none("200")), "no list"));
    }

    @Test
    void stopsWhileItWaitsForTheRateLimit() {
        pages(page(null, "a"));
        pace.wait = Duration.ofSeconds(5);

        new CustomerCount(partnerCenter, pace, Admissions.PARTNER, base, lease("one"), clock, _ -> false, new Told())
                .look();

        assertThat(asked).isEmpty();
        assertThat(pace.givenBack).hasValue(1);
    }

    private CustomerCount count(String node) {
        return new CustomerCount(
                partnerCenter, pace, Admissions.PARTNER, base, lease(node), clock, _ -> true, new Told());
    }

    private NamedLease lease(String node) {
        return new NamedLease(jdbc, "customer-count", node, Duration.ofMinutes(10));
    }

    @SafeVarargs
    private void pages(Read<CustomerPage>... pages) {
        partnerCenter.customerList = continuation -> {
            asked.add(continuation);
            return pages[continuation == null ? 0 : Integer.parseInt(continuation) - 1];
        };
    }

    private static Read<CustomerPage> page(@Nullable String next, String... customers) {
        return new Read.Found<>(new CustomerPage(
                Stream.of(customers)
                        .map(each -> new Customer(Admissions.customer(each), each, each + ".example", "reseller"))
                        .toList(),
                next,
                true));
    }

    private final class Counts implements CustomerBase {

        private final List<Long> counted = new ArrayList<>();
        private boolean wanted = true;
        private boolean wantedOnce;

        @Override
        public Optional<Size> size(Instant now) {
            return Optional.empty();
        }

        @Override
        public boolean wantsCount(Instant now) {
            boolean answer = wanted;
            wanted = wanted && !wantedOnce;
            return answer;
        }

        @Override
        public Size counted(long customers, Instant now) {
            counted.add(customers);
            return new Size(customers, now, null);
        }
    }

    private final class Told implements CountJournal {

        @Override
        public void counted(CustomerBase.Size size) {
            told.add("counted " + size.customers());
        }

        @Override
        public void notCounted(String why) {
            told.add(why);
        }

        @Override
        public void failed(RuntimeException bug) {
            throw bug;
        }
    }
}
