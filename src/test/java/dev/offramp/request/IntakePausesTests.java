package dev.offramp.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Ledger;
import dev.offramp.request.Valve.Why;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@OnBothDatabases
@Execution(ExecutionMode.CONCURRENT)
class IntakePausesTests {

    private final DataSource dataSource;
    private final Valve valve = new Valve(() -> {}, () -> {});
    private final IntakePauses pauses;

    IntakePausesTests(TestDatabase database) {
        dataSource = database.fresh();
        pauses = node(valve);
    }

    @Test
    void isFollowedByEveryNodeAndOutlivesItsRestart() {
        assertThat(pauses.pause("jane", "wrong export", Events.NOW)).isTrue();
        assertThat(valve.isShut(Why.PERSON)).isTrue();

        var restarted = new Valve(() -> {}, () -> {});
        node(restarted).look();
        assertThat(restarted.isShut(Why.PERSON)).isTrue();

        assertThat(node(restarted).resume("joe", "it was right", Events.NOW)).isTrue();
        assertThat(restarted.isShut(Why.PERSON)).isFalse();
        pauses.look();
        assertThat(valve.isShut(Why.PERSON)).isFalse();
    }

    @Test
    void isWantedOnceAndTakenBackOnce() {
        assertThat(pauses.resume("jane", "nothing", Events.NOW)).isFalse();
        assertThat(pauses.pause("jane", "first", Events.NOW)).isTrue();
        assertThat(pauses.pause("joe", "second", Events.NOW)).isFalse();
        assertThat(pauses.byPerson()).hasValueSatisfying(pause -> {
            assertThat(pause.by()).isEqualTo("jane");
            assertThat(pause.cause()).isEqualTo("first");
        });
        assertThat(Ledger.over(dataSource).audit().of("intake")).hasSize(1);
    }

    @Test
    void namesEveryReasonForWhichNothingIsRead() {
        valve.shut(Why.BACKLOG);
        valve.shut(Why.OLDER_LEDGER);
        pauses.pause("jane", "wrong export", Events.NOW);

        assertThat(pauses.all())
                .extracting(IntakePauses.Pause::why)
                .containsExactly("person", "backlog", "older-ledger");
    }

    private IntakePauses node(Valve of) {
        var ledger = Ledger.over(dataSource);
        return new IntakePauses(
                JdbcClient.create(dataSource),
                new TransactionTemplate(new JdbcTransactionManager(dataSource)),
                ledger.audit(),
                ledger.requests(),
                1_000_000,
                of);
    }
}
