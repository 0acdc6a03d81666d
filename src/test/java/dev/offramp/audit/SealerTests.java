package dev.offramp.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Audit;
import dev.offramp.ledger.NamedLease;
import dev.offramp.testing.LedgerFixture;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@OnBothDatabases
class SealerTests {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final LedgerFixture fixture;
    private final Seals seals;
    private final List<Long> published = new ArrayList<>();
    private final List<String> journal = new ArrayList<>();
    private boolean brokerIsAway;

    SealerTests(TestDatabase database) {
        fixture = LedgerFixture.over(database.fresh());
        seals = new JdbcSeals(fixture.jdbc(), fixture.transactions());
    }

    @Test
    void sealsInOneRoundWhatIsCommittedAndPublishesTheHash() throws Exception {
        write("a", "b", "c");

        sealer("node-1", 2).round();

        assertThat(seals.after(0, 10)).extracting(Block::entries).containsExactly(2, 1);
        assertThat(published).containsExactly(1L, 2L);
        assertThat(verified().broken()).isNull();
        assertThat(verified().sealed()).isEqualTo(3);
        assertThat(seals.anyOpen()).isFalse();
    }

    @Test
    void sealsWhatWasWrittenEarlyAndCommittedLate() throws Exception {
        var begun = new CountDownLatch(1);
        var sealed = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var late = threads.submit(() -> fixture.transactions().executeWithoutResult(_ -> {
                write("late");
                begun.countDown();
                await(sealed);
            }));
            await(begun);
            write("early");
            sealer("node-1", 100).round();
            assertThat(seals.after(0, 10)).extracting(Block::entries).containsExactly(1);
            sealed.countDown();
            late.get(60, TimeUnit.SECONDS);
        }

        sealer("node-1", 100).round();

        assertThat(seals.after(0, 10)).extracting(Block::entries).containsExactly(1, 1);
        assertThat(verified().unsealed()).isZero();
        assertThat(verified().broken()).isNull();
    }

    @Test
    void leavesItToTheNodeThatIsElectedAndTakesOverWhenThatOneIsGone() {
        write("a");
        sealer("node-1", 100).round();
        write("b");

        sealer("node-2", 100).round();
        assertThat(seals.after(0, 10)).hasSize(1);

        fixture.pass(LEASE.plusSeconds(1));
        sealer("node-2", 100).round();
        assertThat(seals.after(0, 10)).hasSize(2);
    }

    @Test
    void makesOneChainWhenANodeThatStoodStillSealsBesideTheElectedOne() throws Exception {
        IntStream.range(0, 60).forEach(each -> write("entry " + each));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var both = IntStream.range(0, 2)
                    .mapToObj(_ -> threads.submit(() -> {
                        while (!seals.entries(Seals.OfBlock.NONE, 0, 1).isEmpty()) {
                            seals.seal(3, fixture.now());
                        }
                    }))
                    .toList();
            for (var each : both) {
                each.get(60, TimeUnit.SECONDS);
            }
        }

        assertThat(verified()).isEqualTo(new Verification.Found(20, 0, 60, 0, 0, null));
    }

    @Test
    void sealsWithoutTheBrokerAndPublishesWhenItIsBack() {
        var sealer = sealer("node-1", 100);
        brokerIsAway = true;
        write("a");
        sealer.round();
        write("b");
        sealer.round();
        assertThat(seals.after(0, 10)).hasSize(2);
        assertThat(published).isEmpty();
        assertThat(journal).as("said once").containsExactly("not published from 1");

        brokerIsAway = false;
        sealer.round();
        assertThat(published).as("not asked again at once").isEmpty();
        fixture.pass(Duration.ofSeconds(31));
        sealer.round();

        assertThat(published).containsExactly(1L, 2L);
    }

    @Test
    void findsInTheDatabaseWhatSomebodyChangedThere() throws Exception {
        write("a", "b");
        sealer("node-1", 100).round();

        fixture.jdbc()
                .sql("update audit_entry set who = 'somebody else' where target = 'b'")
                .update();

        assertThat(verified().broken()).isEqualTo("An entry of block 1 was changed.");
    }

    @Test
    void keepsTheChainWhenTheEntriesOfOldBlocksAreGone() throws Exception {
        write("a", "b", "c");
        sealer("node-1", 2).round();

        fixture.jdbc().sql("delete from audit_entry where block_number = 1").update();
        assertThat(verified().broken()).isEqualTo("Block 1 has 0 entries and was sealed with 2.");
        fixture.jdbc()
                .sql("update audit_block set removed_at = sealed_at where number = 1")
                .update();

        assertThat(verified()).isEqualTo(new Verification.Found(2, 1, 1, 0, 0, null));
    }

    private void write(String... targets) {
        for (var target : targets) {
            fixture.ledger()
                    .audit()
                    .add(new Audit.Entry("ann", "changed", target, "it had to be", "„quoted“\n"), fixture.now());
        }
    }

    private Verification.Found verified() throws Verification.UnreadableException {
        var lines = new ArrayList<String>();
        new Export(seals).to(lines::add);
        return Verification.of(lines.stream(), java.util.stream.Stream.empty());
    }

    private Sealer sealer(String node, int block) {
        return new Sealer(
                seals,
                new NamedLease(fixture.jdbc(), "audit-sealer", node, LEASE),
                this::publish,
                fixture::now,
                new AuditJournal() {
                    @Override
                    public void sealed(Block block) {}

                    @Override
                    public void notPublished(Block first, Sealer.PublicationException why) {
                        journal.add("not published from " + first.number());
                    }

                    @Override
                    public void roundFailed(RuntimeException cause) {
                        journal.add(cause.toString());
                    }
                },
                block);
    }

    private void publish(Block block) throws Sealer.PublicationException {
        if (brokerIsAway) {
            throw new Sealer.PublicationException(new TimeoutException("The test took the broker away"));
        }
        published.add(block.number());
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nobody counted down");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts here", e);
        }
    }
}
