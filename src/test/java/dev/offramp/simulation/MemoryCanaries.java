package dev.offramp.simulation;

import dev.offramp.offboarding.Canary;
import dev.offramp.safety.SafetyUnderSimulation.CanaryTables;
import dev.offramp.safety.SafetyUnderSimulation.Flight;
import dev.offramp.safety.SafetyUnderSimulation.Follower;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Who goes first, as rows in memory. */
final class MemoryCanaries implements CanaryTables {

    private final MemoryRows rows;
    private final MemoryDatabase database;
    private final TransactionTemplate ofItsOwn;

    MemoryCanaries(MemoryRows rows) {
        this.rows = rows;
        database = rows.database;
        ofItsOwn = new TransactionTemplate(database.transactions());
        ofItsOwn.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    @Override
    public List<Flight> flights() {
        return database.read("canaries", () -> List.copyOf(rows.flights.all()));
    }

    @Override
    public void add(String name, Canary canary) {
        ofItsOwn.executeWithoutResult(_ -> database.write("a canary", name, () -> {
            rows.flights.lock(name);
            if (rows.flights.get(name) == null) {
                rows.flights.put(name, new Flight(++rows.lastFlight, name, canary, false));
            }
            return true;
        }));
    }

    @Override
    public Optional<Flight> lock(String name) {
        return database.write("lock the canary", name, () -> {
            rows.flights.lock(name);
            return Optional.ofNullable(rows.flights.get(name));
        });
    }

    @Override
    public void confirm(Flight flight) {
        database.write("the canaries are well", flight.number(), () -> {
            rows.flights.put(flight.name(), new Flight(flight.number(), flight.name(), flight.canary(), true));
            return true;
        });
    }

    @Override
    public boolean isAttempted(long request) {
        return database.read("attempted?", request, () -> rows.isAttempted(request));
    }

    @Override
    public List<Follower> followers() {
        return database.read("who follows canaries?", () -> {
            var all = new ArrayList<Follower>();
            for (var each : rows.followers.all()) {
                var asked = rows.asked(each.key().request());
                all.add(new Follower(
                        each.key().flight(),
                        asked.request(),
                        each.leads(),
                        rows.isAttempted(each.key().request()),
                        rows.isConfirmed(each.key().request()),
                        asked.changedAt()));
            }
            return all;
        });
    }

    @Override
    public void put(long flight, long request, boolean leads) {
        database.write(leads ? "goes first" : "waits for the first", request, () -> {
            var key = new MemoryRows.FollowerKey(request, flight);
            rows.followers.lock(key);
            var known = rows.followers.get(key);
            rows.followers.put(key, new MemoryRows.Following(key, leads || known != null && known.leads()));
            return true;
        });
    }

    @Override
    public void remove(long flight, long request) {
        database.write("follows no more", request, () -> {
            rows.followers.remove(new MemoryRows.FollowerKey(request, flight));
            return true;
        });
    }
}
