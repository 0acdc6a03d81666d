package dev.offramp.partnercenter.pace;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterTry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rate limit that nodes share. */
class PostgresPaceTests extends PaceTests {

    private static final String HAND = "(select at from hand_clock)";

    private final List<HikariDataSource> databases = new ArrayList<>();

    @AfterEach
    @AfterTry
    void close() {
        databases.forEach(HikariDataSource::close);
        databases.clear();
    }

    @Override
    SharedRig rig(Allowance resource, Allowance customer) {
        HikariDataSource database = TestDatabase.POSTGRESQL.fresh();
        databases.add(database);
        return new SharedRig(JdbcClient.create(database), resource, customer);
    }

    private static final class SharedRig implements Rig {
        private final JdbcClient jdbc;
        private final Allowance resource;
        private final Allowance customer;
        private Instant now = Instant.parse("2026-11-20T10:00:00Z");
        private final ReservedPace pace;

        SharedRig(JdbcClient jdbc, Allowance resource, Allowance customer) {
            this.jdbc = jdbc;
            this.resource = resource;
            this.customer = customer;
            jdbc.sql("create table hand_clock (at timestamp with time zone)").update();
            jdbc.sql("insert into hand_clock values (:now)")
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
            pace = anotherNode();
        }

        ReservedPace anotherNode() {
            return new ReservedPace(new PostgresTimetable(jdbc, HAND), PARTNER, resource, customer, this::now);
        }

        @Override
        public ReservedPace pace() {
            return pace;
        }

        @Override
        public long now() {
            return Duration.between(Instant.EPOCH, now).toNanos();
        }

        @Override
        public void advance(Duration time) {
            now = now.plus(time);
            jdbc.sql("update hand_clock set at = :now")
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    @Property(tries = 6)
    void neverStartsMoreThanTheAllowanceNorInsideAHold(@ForAll long seed) {
        neverStartsMoreThanTheAllowanceNorInsideAHold(seed, 120);
    }

    @Test
    void sharesOneAllowanceBetweenNodes() {
        SharedRig rig = rig(RESOURCE, new Allowance(1000, 100));
        Pace other = rig.anotherNode();
        for (int call = 0; call < 5; call++) {
            reserve(rig, CONTOSO, ResourceClass.CUSTOMER);
        }

        assertThat(other.reserve(FABRIKAM, List.of(ResourceClass.CUSTOMER)).remaining())
                .isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void tellsOtherNodesOfAHold() {
        SharedRig rig = rig(RESOURCE, CUSTOMER);
        ReservedPace other = rig.anotherNode();
        Pace.Reservation early = other.reserve(FABRIKAM, List.of(ResourceClass.CUSTOMER));

        rig.pace().hold(ResourceClass.CUSTOMER, Duration.ofSeconds(30));
        other.look();

        assertThat(other.held(ResourceClass.CUSTOMER)).isEqualTo(Duration.ofSeconds(30));
        assertThat(early.remaining()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void forgetsLimitsThatNobodyUses() {
        SharedRig rig = rig(RESOURCE, CUSTOMER);
        reserve(rig, CONTOSO, ResourceClass.CUSTOMER);
        rig.advance(Duration.ofHours(2));
        reserve(rig, FABRIKAM, ResourceClass.SUBSCRIPTION);

        rig.pace().tidy();

        assertThat(rig.jdbc.sql("select count(*) from pace").query(Long.class).single())
                .isEqualTo(2);
    }

    @Test
    void givesEveryCallOfManyThreadsASlotOfItsOwn() {
        SharedRig rig = rig(RESOURCE, new Allowance(1000, 100));
        List<CompletableFuture<Duration>> waits = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < 24; thread++) {
                var customer = thread % 2 == 0 ? CONTOSO : FABRIKAM;
                waits.add(CompletableFuture.supplyAsync(
                        () -> reserve(rig, customer, ResourceClass.SUBSCRIPTION, ResourceClass.CUSTOMER)
                                .remaining(),
                        threads));
            }
        }

        assertThat(waits.stream().map(CompletableFuture::join).sorted().toList().subList(4, 24))
                .doesNotHaveDuplicates()
                .last()
                .isEqualTo(Duration.ofSeconds(4 * 19));
    }
}
