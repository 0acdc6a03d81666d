package dev.offramp.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** What happened in a round, or in several, and what was found. */
final class Tally {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String KILL = "kill of ";
    static final String AT_POINT = KILL + "a node at ";

    private final Map<String, Integer> happened = new TreeMap<>();
    private final List<Long> seeds = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private int requests;
    private int calls;
    private Duration took = Duration.ZERO;

    void note(String what) {
        happened.merge(what, 1, Integer::sum);
    }

    void end(long seed, int requests, int calls, List<String> violations, Duration took) {
        seeds.add(seed);
        this.requests = requests;
        this.calls = calls;
        this.violations.addAll(violations);
        this.took = took;
    }

    void add(Tally other) {
        other.happened.forEach((what, times) -> happened.merge(what, times, Integer::sum));
        seeds.addAll(other.seeds);
        violations.addAll(other.violations);
        requests += other.requests;
        calls += other.calls;
        took = took.plus(other.took);
    }

    /** How often something happened whose name begins so. */
    int of(String beginning) {
        return happened.entrySet().stream()
                .filter(each -> each.getKey().startsWith(beginning))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    int kills() {
        return of(KILL);
    }

    int killsAtPoints() {
        return of(AT_POINT);
    }

    List<String> violations() {
        return violations;
    }

    /** For a person; the last line is JSON. */
    String summary() {
        return """
                Chaos, seed %s: %d requests, %d calls, %d kills (%d of nodes, %d of those at named points), %d violations, %d s
                %s
                %s
                """.formatted(
                seeds(),
                requests,
                calls,
                kills(),
                of(KILL + "a node"),
                killsAtPoints(),
                violations.size(),
                took.toSeconds(),
                happened.entrySet().stream()
                        .map(each -> "%6d  %s".formatted(each.getValue(), each.getKey()))
                        .collect(Collectors.joining("\n")),
                json()).stripTrailing();
    }

    private String seeds() {
        return seeds.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private String json() {
        var all = JSON.createObjectNode();
        all.set("seeds", JSON.valueToTree(seeds));
        all.put("requests", requests)
                .put("calls", calls)
                .put("kills", kills())
                .put("killsOfNodes", of(KILL + "a node"))
                .put("killsAtPoints", killsAtPoints())
                .put("seconds", took.toSeconds());
        all.set("happened", JSON.valueToTree(happened));
        all.set("violations", JSON.valueToTree(violations));
        return JSON.writeValueAsString(all);
    }
}
