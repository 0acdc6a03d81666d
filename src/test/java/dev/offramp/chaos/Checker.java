package dev.offramp.chaos;

import dev.offramp.chaos.Evidence.Call;
import dev.offramp.chaos.Evidence.Row;
import dev.offramp.chaos.Evidence.Told;
import dev.offramp.chaos.Evidence.Try;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says which invariants the evidence contradicts; it knows nothing of how the service works. */
final class Checker {

    private final Evidence evidence;
    private final List<String> violations = new ArrayList<>();

    private Checker(Evidence evidence) {
        this.evidence = evidence;
    }

    /** One sentence for each violation. */
    static List<String> violations(Evidence evidence) {
        var checker = new Checker(evidence);
        checker.nothingIsLost();
        checker.everyRequestEndsOnce();
        checker.nothingHappensTwice();
        checker.everyCallWasWrittenDownBefore();
        checker.everySuccessIsTrue();
        return List.copyOf(checker.violations);
    }

    private void found(String invariant, String sentence, Object... values) {
        violations.add(invariant + ": " + sentence.formatted(values));
    }

    private void nothingIsLost() {
        Set<String> known = evidence.ledger().stream().map(Row::id).collect(Collectors.toSet());
        evidence.records().forEach(each -> {
            boolean isThere = each.id() == null
                    ? evidence.refused().contains(each.place())
                    : known.contains(each.id()) || evidence.refused().contains(each.place());
            if (!isThere) {
                found("I1", "the record at %s (%s) is neither in the ledger nor refused", each.place(), each.id());
            }
        });
    }

    private void everyRequestEndsOnce() {
        Map<String, Map<String, Set<Told>>> told = evidence.told().stream()
                .filter(Told::isFinal)
                .collect(
                        Collectors.groupingBy(Told::request, Collectors.groupingBy(Told::outcome, Collectors.toSet())));
        evidence.ledger().forEach(row -> {
            var finals = told.getOrDefault(row.id(), Map.of());
            if (finals.size() != 1) {
                found("I1", "%s has %d final outcomes on the topic", row.id(), finals.size());
            }
            if (row.finals() != 1) {
                found("I1", "%s has %d final outcomes in the ledger", row.id(), row.finals());
            }
            finals.values().stream()
                    .flatMap(Set::stream)
                    .filter(each -> !each.words().equals(row.words()))
                    .forEach(each -> found(
                            "I1", "%s was told as \"%s\" and stands as \"%s\"", row.id(), each.words(), row.words()));
        });
    }

    private void nothingHappensTwice() {
        Map<String, Call> effects = new HashMap<>();
        evidence.calls().forEach(call -> {
            var earlier = effects.get(call.target());
            if (earlier != null) {
                found(
                        "I2",
                        "call %d (%s of %s at %s) came after call %d had taken effect at %s",
                        call.number(),
                        call.operation(),
                        call.target(),
                        call.time(),
                        earlier.number(),
                        earlier.time());
            }
            if (call.changed()) {
                effects.putIfAbsent(call.target(), call);
            }
        });
    }

    private void everyCallWasWrittenDownBefore() {
        Map<String, Try> tries =
                evidence.tries().stream().collect(Collectors.toMap(Try::correlationId, Function.identity()));
        var seen = new HashSet<String>();
        evidence.calls().forEach(call -> {
            var written = tries.get(call.correlationId());
            if (written == null) {
                found("I3", "call %d of %s has no try", call.number(), call.target());
            } else if (written.written().isAfter(call.time())) {
                found(
                        "I3",
                        "call %d of %s at %s was written down at %s only",
                        call.number(),
                        call.target(),
                        call.time(),
                        written.written());
            }
            if (!seen.add(call.correlationId())) {
                found("I3", "call %d of %s used the try of another call", call.number(), call.target());
            }
        });
    }

    private void everySuccessIsTrue() {
        Map<String, Long> changes = evidence.calls().stream()
                .filter(Call::changed)
                .collect(Collectors.groupingBy(Call::target, Collectors.counting()));
        evidence.ledger().stream()
                .filter(row -> row.words().startsWith("succeeded"))
                .forEach(row -> {
                    var wanted = switch (row.operation()) {
                        case Wish.CANCEL -> "deleted";
                        case Wish.SUSPEND -> "suspended";
                        case Wish.UNLINK -> "none";
                        default -> throw new IllegalArgumentException(row.operation());
                    };
                    var state = evidence.states().get(row.target());
                    if (!Objects.equals(state, wanted)) {
                        found("I9", "%s succeeded, and %s is %s", row.id(), row.target(), state);
                    }
                    if (row.words().startsWith("succeeded already-done") && changes.containsKey(row.target())) {
                        found("I9", "%s was told as done already, and a call of ours did it", row.id());
                    }
                    if (row.words().startsWith("succeeded done") && changes.getOrDefault(row.target(), 0L) != 1) {
                        found("I9", "%s was done by %s calls", row.id(), changes.getOrDefault(row.target(), 0L));
                    }
                });
    }
}
