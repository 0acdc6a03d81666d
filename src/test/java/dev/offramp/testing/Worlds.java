package dev.offramp.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The worlds in which the suites are run: together they hold every answer to every question that no document answers.
 *
 * <p>The usual build takes a world for each value of the longest switch, and so meets every value of every switch. With
 * {@code -Dunknowns=all} (the Maven profile {@code unknowns}) each two values of two switches meet somewhere.
 */
public final class Worlds {

    /** Every switch with its plausible values, the usual one first. */
    public static final Map<String, List<Object>> SWITCHES = switches();

    private static final boolean ALL = "all".equals(System.getProperty("unknowns"));

    private Worlds() {}

    private static Map<String, List<Object>> switches() {
        Map<String, List<Object>> all = new LinkedHashMap<>();
        all.put("idempotentRequestIds", List.of(false, true));
        all.put("requestIdAnswer", List.of("first-answer", "current-resource"));
        all.put("requestIdMemory", List.of("1d", "1m"));
        all.put(
                "unlinkRefused",
                List.of("400/900141", "400/3000", "400/800002", "403/2032", "409/900278", "500/900192"));
        // More often the page by which a customer is kept: only then the refusals are met.
        all.put(
                "unlinkBlockers",
                List.of("portal-page", "portal-page", "developer-page", "portal-page", "portal-page", "none"));
        all.put("suspendedNewCommerceBlocksUnlink", List.of(true, false));
        all.put("deletedAgain", List.of("2011", "800040", "200"));
        all.put("afterUnlink", List.of(403, 404));
        all.put("unlinkedAgain", List.of("20002", "3000", "404", "200"));
        all.put("ifMatchOnNewCommerce", List.of("ignored", "required", "error-when-empty"));
        all.put("changesAnswered", List.of("200", "202", "202-every-second"));
        all.put("acceptedTakes", List.of("5s", "90s"));
        all.put("acceptedShows", List.of("unchanged", "pending"));
        all.put("throttleScope", List.of("as-given", "tenant", "customer"));
        all.put("retryAfter", List.of("seconds", "date", "missing"));
        all.put("cancellationDate", List.of("shown", "null-when-closed", "null", "missing"));
        all.put("cancellationDateAfterRenewal", List.of("moved", "kept", "null"));
        all.put("refusedMinimalPatch", List.of("no-effect", "loses-auto-renew"));
        all.put("reservationStatus", List.of("none", "Fulfilled", "PrefulfillmentPending", "Unfulfilled"));
        all.put("cancelledReservations", List.of("gone", "listed"));
        all.put("auditDelay", List.of("0s", "1h"));
        all.put("auditCorrelation", List.of("callers", "servers", "missing"));
        all.put("azurePlanBody", List.of("usage", "product-type"));
        all.put("trialBody", List.of("scheduled", "plain"));
        return Collections.unmodifiableMap(all);
    }

    /** Those of this build, for suites that take all of them at once. */
    public static List<World> ofThisBuild() {
        return ALL ? ofEveryPair() : ofEveryValue();
    }

    /** Those of this build, for suites with a whole service of their own in each. */
    public static List<World> ofThisBuildOneByOne() {
        return ALL ? ofEveryValue().stream().map(Worlds::soon).toList() : List.of(World.USUAL);
    }

    /** A whole service goes by the true time: there "long" is twelve seconds, which is still longer than a run waits. */
    private static World soon(World world) {
        if (!world.has("acceptedTakes", "90s")) {
            return world;
        }
        var switches = new LinkedHashMap<>(world.switches());
        switches.put("acceptedTakes", "12s");
        return new World(world.name(), switches);
    }

    /** One that differs from the usual one at nearly every switch; it too is met in every build. */
    public static List<World> mostUnlike() {
        return ofEveryValue().stream()
                .filter(world -> world.has("ifMatchOnNewCommerce", "required"))
                .filter(world -> world.has("cancellationDate", "null"))
                .toList();
    }

    /** As few as the longest switch has values; the switches are turned at different speeds, so that they mix. */
    public static List<World> ofEveryValue() {
        int most = SWITCHES.values().stream().mapToInt(List::size).max().orElseThrow();
        return IntStream.range(0, most)
                .mapToObj(number -> {
                    Map<String, Object> world = new LinkedHashMap<>();
                    int turn = 0;
                    for (Map.Entry<String, List<Object>> each : SWITCHES.entrySet()) {
                        var values = each.getValue();
                        world.put(each.getKey(), values.get((number + turn++ / 2) % values.size()));
                    }
                    return new World("world " + (number + 1), world);
                })
                .toList();
    }

    /** The worlds of {@link #ofEveryValue()} and as many more as it takes for each two values to meet, always the same. */
    public static List<World> ofEveryPair() {
        List<World> worlds = new ArrayList<>(ofEveryValue());
        Set<String> open = pairs();
        worlds.forEach(world -> open.removeAll(pairsOf(world.switches())));
        while (!open.isEmpty()) {
            var world = mixed(open);
            open.removeAll(pairsOf(world));
            worlds.add(new World("world " + (worlds.size() + 1), world));
        }
        return List.copyOf(worlds);
    }

    /** Begins with a pair that is still open and gives each further switch the value that closes most of them. */
    private static Map<String, Object> mixed(Set<String> open) {
        var names = new ArrayList<>(SWITCHES.keySet());
        var seed = open.iterator().next().split(" & ");
        Map<String, Object> world = new LinkedHashMap<>();
        for (String half : seed) {
            var name = half.substring(0, half.indexOf('='));
            names.remove(name);
            world.put(
                    name,
                    SWITCHES.get(name).stream()
                            .filter(value -> said(name, value).equals(half))
                            .findFirst()
                            .orElseThrow());
        }
        for (String name : names) {
            @Nullable Object best = null;
            long closed = -1;
            for (Object value : SWITCHES.get(name)) {
                long closes = world.entrySet().stream()
                        .filter(each -> open.contains(pair(said(each.getKey(), each.getValue()), said(name, value))))
                        .count();
                if (closes > closed) {
                    best = value;
                    closed = closes;
                }
            }
            world.put(name, best);
        }
        return world;
    }

    static Set<String> pairs() {
        Set<String> pairs = new TreeSet<>();
        SWITCHES.forEach((one, values) -> SWITCHES.forEach((other, others) -> {
            if (!one.equals(other)) {
                values.forEach(value ->
                        others.forEach(another -> pairs.add(pair(said(one, value), said(other, another)))));
            }
        }));
        return pairs;
    }

    static Set<String> pairsOf(Map<String, Object> world) {
        Set<String> pairs = new TreeSet<>();
        world.forEach((one, value) -> world.forEach((other, another) -> {
            if (!one.equals(other)) {
                pairs.add(pair(said(one, value), said(other, another)));
            }
        }));
        return pairs;
    }

    private static String said(String name, Object value) {
        return name + "=" + value;
    }

    private static String pair(String one, String other) {
        return one.compareTo(other) < 0 ? one + " & " + other : other + " & " + one;
    }
}
