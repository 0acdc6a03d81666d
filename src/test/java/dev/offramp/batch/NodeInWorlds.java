package dev.offramp.batch;

import static dev.offramp.batch.ManyWorlds.goOn;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.batch.ManyWorlds.Place;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Expectation;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.simulator.ScenarioBuilder;
import dev.offramp.testing.Admissions;
import dev.offramp.testing.SettableClock;
import dev.offramp.testing.TestDatabase;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** One node for all tests of a class, which work one after the other, each with simulators and customers of its own. */
final class NodeInWorlds implements AutoCloseable {

    private static final String[] PROPERTIES = {
        // One breaker for the Partner Centers of all worlds: the trouble of one target in each is not an outage.
        "offramp.batch.outage.calls=500",
        "offramp.batch.confirm.patience=0s",
        "offramp.safety.budget.customers.remove-reseller-relationship=10000",
        "offramp.safety.budget.customers.suspend-subscription=10000",
        "offramp.safety.budget.customers.reactivate-subscription=10000",
        "offramp.safety.budget.customers.turn-off-auto-renew=10000"
    };

    final ManyWorlds.Router router = new ManyWorlds.Router();
    final SettableClock clock = new SettableClock(Admissions.START);
    private final HikariDataSource database;
    final BatchNode node;
    private ManyWorlds worlds = ManyWorlds.NONE;

    NodeInWorlds(TestDatabase kind) {
        database = kind.fresh();
        node = another();
    }

    /** One more node over the same ledger: what a new process is. */
    BatchNode another(String... more) {
        return BatchNode.over(
                database,
                router,
                clock,
                Stream.concat(Stream.of(PROPERTIES), Stream.of(more)).toArray(String[]::new));
    }

    /** A new simulator in each world. */
    ManyWorlds begin(BiConsumer<ScenarioBuilder, Place> sentence) {
        router.letBe();
        awaitWeather();
        worlds.close();
        worlds = ManyWorlds.of(router, clock, sentence);
        return worlds;
    }

    /** The same request in each world. */
    Map<Place, Request> ask(Function<Place, Admissions> request) {
        Map<Place, Request> asked = new LinkedHashMap<>();
        for (Place place : worlds.places()) {
            asked.put(
                    place,
                    node.admit(request.apply(place)
                            .from(place.source())
                            .notAfter(clock.instant().plus(Duration.ofDays(800)))));
        }
        return asked;
    }

    Map<Place, Request> askToCancel(String name) {
        return ask(place -> Admissions.cancel().of(place.customer(name), place.subscription(name)));
    }

    Map<Place, Request> askToUnlink(String name) {
        return ask(place -> unlink(place, name));
    }

    static Admissions unlink(Place place, String name) {
        return Admissions.unlink().of(place.customer(name)).expecting(Expectation.NONE);
    }

    Map<Place, Request> askTo(Operation operation, String name) {
        return ask(place -> Admissions.change(operation).of(place.customer(name), place.subscription(name)));
    }

    /** Every world's one licence that may still be cancelled. */
    static void holding(ScenarioBuilder scenario, Place place, String name) {
        place.holds(
                scenario,
                name,
                held -> held.newCommerceLicence(
                        s -> s.id(place.subscription(name).value()).created("-1d")));
    }

    void work() {
        awaitWeather();
        node.work();
    }

    /** Many simulators on a busy machine can be slow at once; the breaker, which they share here, goes by the true time. */
    private void awaitWeather() {
        var weather = node.context.getBean(Weather.class);
        await().atMost(Duration.ofMinutes(2)).until(() -> !weather.isDown());
    }

    void pass(Duration time) {
        clock.pass(time);
    }

    /** Looks and lets time pass until all of them are over, at most for ten hours. */
    void goOnUntilOver(Collection<Request> requests) {
        goOn(node, List.copyOf(requests), Request::isFinal, STEPS);
    }

    private static final Duration[] STEPS = Stream.concat(
                    Stream.of(Duration.ofSeconds(20), Duration.ofSeconds(100), Duration.ofMinutes(3)),
                    Stream.iterate(Duration.ofMinutes(5), each -> each.plusMinutes(2))
                            .limit(12))
            .toArray(Duration[]::new);

    /** How each stands: status and reason. */
    Function<Place, Object> ends(Map<Place, Request> asked) {
        return place -> {
            Request now = node.read(asked.get(place));
            return now.status().word() + ": " + now.reason().word();
        };
    }

    Function<Place, Object> told(Map<Place, Request> asked) {
        return place -> node.told(asked.get(place)).stream().map(Reason::word).toList();
    }

    @Override
    public void close() {
        worlds.close();
        node.close();
    }
}
