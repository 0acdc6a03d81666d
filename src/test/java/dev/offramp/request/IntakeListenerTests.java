package dev.offramp.request;

import static dev.offramp.request.Events.cancel;
import static dev.offramp.request.Events.withdraw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.offramp.ledger.Refusals.Refusal;
import dev.offramp.testing.TestDatabase;
import dev.offramp.testing.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.transaction.support.TransactionTemplate;

class IntakeListenerTests {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final UnreliableDataSource dataSource = new UnreliableDataSource(TestDatabase.H2.fresh());
    private final IntakeFixture fixture = new IntakeFixture(dataSource);
    private final String topic = TestKafka.uniqueName("requests");
    private final String group = TestKafka.uniqueName("intake");
    private final AtomicInteger announcements = new AtomicInteger();
    private final List<ConcurrentMessageListenerContainer<byte[], byte[]>> running = new ArrayList<>();

    @BeforeEach
    void createTopic() throws Exception {
        try (var admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)
                            .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "4194304"))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void stop() {
        running.forEach(ConcurrentMessageListenerContainer::stop);
    }

    @Test
    void admitsEveryGoodRecordBesideEveryBadOne() throws Exception {
        var bad = BadInput.all();
        var good = new ArrayList<String>();
        for (var each : bad) {
            var id = "good-" + good.size();
            good.add(id);
            sendAt(each.key(), each.value(), Events.NOW);
            sendAt(Events.CUSTOMER, cancel(id).bytes(), Events.NOW);
        }

        start(listener(fixture.intake()));

        await().atMost(SOON).untilAsserted(() -> assertThat(committed()).isEqualTo(2L * bad.size()));
        assertThat(fixture.ids().stream().filter(id -> id.startsWith("good"))).containsExactlyElementsOf(good);
        assertThat(fixture.refusals()).hasSameSizeAs(bad);
        for (var i = 0; i < bad.size(); i++) {
            assertRefused(fixture.refusals().get(i), bad.get(i), 2L * i);
        }
        assertThat(fixture.ledger().offsets().of(topic)).isEqualTo(Map.of(0, 2L * bad.size()));
        assertThat(announcements).hasPositiveValue();
    }

    private void assertRefused(Refusal refusal, BadInput bad, long offset) {
        assertThat(refusal.place().offset()).as(bad.name()).isEqualTo(offset);
        assertThat(refusal.reason()).as(bad.name()).isEqualTo(bad.reason());
        assertThat(refusal.message()).as(bad.name()).contains(bad.says());
        if (bad.answered()) {
            assertThat(fixture.outcomes(String.valueOf(bad.id())))
                    .as(bad.name())
                    .containsExactly(bad.reason());
        }
    }

    @Test
    void believesASourceWithATopicOfItsOwnOnlyThere() throws Exception {
        var own = topic + "-billing";
        var topics = new SourceTopics(topic, Map.of("/contoso/billing", own));
        try (var admin = admin()) {
            admin.createTopics(List.of(new NewTopic(own, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
        }
        create(listener(fixture.intake(topics)), topics.all()).start();
        try (var producer = producer()) {
            producer.send(new ProducerRecord<>(topic, cancel("stolen").bytes()));
            producer.send(
                    new ProducerRecord<>(topic, withdraw("stop-it", "mine").bytes()));
            producer.send(new ProducerRecord<>(
                    topic, cancel("theirs").with(Events::fromElsewhere).bytes()));
            producer.flush();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(fixture.refusals()).hasSize(2));
            producer.send(new ProducerRecord<>(own, cancel("mine").bytes()));
            producer.send(new ProducerRecord<>(own, cancel("stolen").bytes()));
            producer.send(new ProducerRecord<>(
                    own, cancel("strange").with(Events::fromElsewhere).bytes()));
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(fixture.refusals()).hasSize(3));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(fixture.ids()).containsExactlyInAnyOrder("theirs", "mine", "stolen"));
        assertThat(fixture.refusals())
                .extracting(Refusal::reason, each -> each.place().topic(), Refusal::id)
                .containsExactlyInAnyOrder(
                        tuple("wrong-topic", topic, "stolen"),
                        tuple("wrong-topic", topic, "stop-it"),
                        tuple("wrong-topic", own, "strange"));
        assertThat(fixture.request("stolen").admission().place().topic())
                .as("no id was used up")
                .isEqualTo(own);
        assertThat(fixture.outcomes("mine")).as("nobody else takes it back").containsExactly("admitted");
        assertThat(fixture.ledger().offsets().of(topic)).isEqualTo(Map.of(0, 3L));
        assertThat(fixture.ledger().offsets().of(own)).isEqualTo(Map.of(0, 3L));
    }

    @Test
    void losesAndDoublesNothingWhenTheDatabaseIsAwayForAWhile() throws Exception {
        start(listener(fixture.intake()));
        var before = send(0, 20);
        await().atMost(SOON).untilAsserted(() -> assertThat(fixture.ids()).hasSize(20));

        dataSource.goAway();
        var during = send(20, 40);
        await().atMost(SOON).until(() -> dataSource.refusedConnections() >= 12);
        dataSource.comeBack();
        var after = send(40, 60);

        await().atMost(SOON).untilAsserted(() -> assertThat(committed()).isEqualTo(60));
        var all = new ArrayList<>(before);
        all.addAll(during);
        all.addAll(after);
        assertThat(fixture.ids()).containsExactlyElementsOf(all);
        assertThat(all).allSatisfy(id -> assertThat(fixture.outcomes(id)).containsExactly("admitted"));
        assertThat(fixture.refusals()).isEmpty();
    }

    /** Spring Kafka by itself gives up after ten tries, and for some exceptions at once. */
    @Test
    void neverGoesOnToTheNextPollBeforeThisOneIsTaken() throws Exception {
        var tries = new AtomicInteger();
        var seen = new HashSet<Long>();
        var intake = fixture.intake();
        var stubborn = new IntakeListener(intake, backlog(), () -> {}) {
            @Override
            public void onMessage(List<org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]>> poll) {
                poll.forEach(record -> seen.add(record.offset()));
                if (tries.incrementAndGet() <= 14) {
                    throw new ClassCastException("The test calls this fatal");
                }
                super.onMessage(poll);
            }
        };
        send(0, 1);
        start(stubborn);
        await().atMost(SOON).until(() -> tries.get() >= 2);
        send(1, 2);

        await().atMost(SOON).until(() -> tries.get() >= 14);
        await().atMost(SOON).untilAsserted(() -> assertThat(committed()).isEqualTo(2));

        assertThat(fixture.ids()).containsExactly("r-0", "r-1");
        assertThat(seen).isEqualTo(Set.of(0L, 1L));
    }

    @Test
    void commitsNothingWhileThePollIsNotTaken() throws Exception {
        dataSource.goAway();
        send(0, 5);
        start(listener(fixture.intake()));

        await().atMost(SOON).until(() -> dataSource.refusedConnections() >= 3);
        running.getLast().stop();

        assertThat(committed()).isZero();
        dataSource.comeBack();
        start(listener(fixture.intake()));
        await().atMost(SOON).untilAsserted(() -> assertThat(committed()).isEqualTo(5));
        assertThat(fixture.ids()).hasSize(5);
    }

    @Test
    void readsABinaryMessageWithItsHeaders() throws Exception {
        var event = cancel("binary");
        var record =
                new ProducerRecord<byte[], byte[]>(topic, null, Events.NOW.toEpochMilli(), null, event.binaryValue());
        event.binaryHeaders().forEach(header -> record.headers().add(header.name(), header.value()));
        try (var producer = producer()) {
            producer.send(record).get(30, TimeUnit.SECONDS);
        }

        start(listener(fixture.intake()));

        await().atMost(SOON).untilAsserted(() -> assertThat(fixture.ids()).containsExactly("binary"));
        assertThat(fixture.request("binary").admission().eventTime()).isEqualTo(Instant.parse("2026-11-20T08:15:30Z"));
    }

    @Test
    void waitsWhileTooManyRequestsAreOpen() throws Exception {
        var container = new ConcurrentMessageListenerContainer<?, ?>[1];
        var valve = new Valve(() -> container[0].pause(), () -> container[0].resume());
        var backlog = new Backlog(fixture.ledger().requests()::countOpen, 10, valve);
        container[0] = create(new IntakeListener(fixture.intake(), backlog, () -> {}));
        send(0, 10);
        container[0].start();
        await().atMost(SOON)
                .until(() -> container[0].isPauseRequested() && fixture.ids().size() == 10);
        await().atMost(SOON).until(container[0]::isContainerPaused);
        send(10, 12);

        // Two are taken back by hand: eight are open, fewer than nine tenths of ten.
        for (var id : List.of("r-0", "r-1")) {
            fixture.intake()
                    .take(List.of(Events.at(
                            100 + id.hashCode() % 10,
                            Events.withdraw("w-" + id, id).record())));
        }
        assertThat(fixture.ids()).doesNotContain("r-10");
        backlog.look();

        await().atMost(SOON).untilAsserted(() -> assertThat(fixture.ids()).contains("r-10", "r-11"));
    }

    @Test
    void losesNothingWhileAPersonPausesItOnAnotherNode() throws Exception {
        var container = create(listener(fixture.intake()));
        var here = pauses(new Valve(container::pause, container::resume));
        var there = pauses(new Valve(() -> {}, () -> {}));
        there.pause("jane", "wrong export", Events.NOW);
        // As at the start: the look comes before the first record.
        here.look();
        container.start();
        var sent = send(0, 5);
        await().atMost(SOON).until(container::isContainerPaused);
        assertThat(fixture.ids()).isEmpty();
        assertThat(here.all()).containsExactly(new IntakePauses.Pause("person", "jane", Events.NOW, "wrong export"));

        assertThat(there.resume("jane", "it was right", Events.NOW)).isTrue();
        here.look();

        await().atMost(SOON).untilAsserted(() -> assertThat(fixture.ids()).containsExactlyElementsOf(sent));
    }

    private IntakePauses pauses(Valve valve) {
        return new IntakePauses(
                JdbcClient.create(dataSource),
                new TransactionTemplate(new JdbcTransactionManager(dataSource)),
                fixture.ledger().audit(),
                fixture.ledger().requests(),
                1_000_000,
                valve);
    }

    @Test
    void staysPausedOverADatabaseThatIsOlderThanWhatTheGroupHasRead() throws Exception {
        send(0, 3);
        var first = create(listener(fixture.intake()));
        first.start();
        await().atMost(SOON).untilAsserted(() -> assertThat(committed()).isEqualTo(3));
        first.stop();
        send(3, 5);

        var empty = new IntakeFixture(TestDatabase.H2.fresh());
        var second = create(listener(empty.intake()));
        var age = new LedgerAge(empty.ledger().offsets(), group, false, second::pause);
        second.getContainerProperties().setConsumerRebalanceListener(age);
        second.start();

        await().atMost(SOON).until(age::isBehind);
        await().atMost(SOON).until(second::isContainerPaused);
        assertThat(empty.ids()).isEmpty();
        assertThat(committed()).isEqualTo(3);
    }

    @Test
    void goesOnOverAnOlderDatabaseWhenTheOperatorSaysSo() throws Exception {
        send(0, 3);
        var first = create(listener(fixture.intake()));
        first.start();
        await().atMost(SOON).untilAsserted(() -> assertThat(committed()).isEqualTo(3));
        first.stop();
        send(3, 5);

        var empty = new IntakeFixture(TestDatabase.H2.fresh());
        var second = create(listener(empty.intake()));
        second.getContainerProperties()
                .setConsumerRebalanceListener(new LedgerAge(empty.ledger().offsets(), group, true, second::pause));
        second.start();

        await().atMost(SOON).untilAsserted(() -> assertThat(empty.ids()).hasSize(2));
    }

    private List<String> send(int from, int to) throws Exception {
        var ids = IntStream.range(from, to).mapToObj(i -> "r-" + i).toList();
        for (var id : ids) {
            sendAt(Events.CUSTOMER, cancel(id).bytes(), Events.NOW);
        }
        return ids;
    }

    private void sendAt(@Nullable String key, byte @Nullable [] value, Instant timestamp) throws Exception {
        sharedProducer()
                .send(new ProducerRecord<>(
                        topic, null, timestamp.toEpochMilli(), key == null ? null : Events.utf8(key), value))
                .get(30, TimeUnit.SECONDS);
    }

    private @Nullable KafkaProducer<byte[], byte[]> shared;

    private KafkaProducer<byte[], byte[]> sharedProducer() {
        if (shared == null) {
            shared = producer();
        }
        return shared;
    }

    @AfterEach
    void closeProducer() {
        if (shared != null) {
            shared.close(Duration.ofSeconds(5));
        }
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                TestKafka.bootstrapServers(),
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                4_194_304));
    }

    private IntakeListener listener(Intake intake) {
        return new IntakeListener(intake, backlog(), announcements::incrementAndGet);
    }

    private Backlog backlog() {
        return new Backlog(() -> 0, 1_000_000, new Valve(() -> {}, () -> {}));
    }

    private void start(IntakeListener listener) {
        create(listener).start();
    }

    private ConcurrentMessageListenerContainer<byte[], byte[]> create(IntakeListener listener) {
        return create(listener, List.of(topic));
    }

    private ConcurrentMessageListenerContainer<byte[], byte[]> create(IntakeListener listener, List<String> topics) {
        var properties = new IntakeProperties(
                true,
                group,
                1,
                1_000_000,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                false,
                Duration.ofMillis(10),
                Duration.ofMillis(50));
        var container = RequestConfiguration.container(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.bootstrapServers()),
                listener,
                properties,
                topics);
        running.add(container);
        return container;
    }

    private static Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", TestKafka.bootstrapServers()));
    }

    /** What the group has committed; 0 when nothing. */
    private long committed() throws Exception {
        try (var admin = admin()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(30, TimeUnit.SECONDS);
            return offsets.values().stream()
                    .filter(each -> each != null)
                    .collect(Collectors.summingLong(OffsetAndMetadata::offset));
        }
    }
}
