package dev.offramp.reconcile;

import dev.offramp.offboarding.CustomerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * What both sides tell, and what only one of them does.
 *
 * @param matched pairs of one effect
 * @param withoutRequest effects that Partner Center tells and no request of this ledger explains: somebody else did them
 * @param withoutEffect effects that the ledger tells and no record shows: the records may be late, or it is not true
 */
public record Comparison(List<Match> matched, List<Recorded> withoutRequest, List<Done> withoutEffect) {

    public Comparison {
        matched = List.copyOf(matched);
        withoutRequest = List.copyOf(withoutRequest);
        withoutEffect = List.copyOf(withoutEffect);
    }

    /** One effect that both sides tell. */
    public record Match(Recorded recorded, Done done) {}

    /**
     * Each record explains one effect at most, and is explained by one. What agrees in the correlation id comes first, as
     * nothing else can be meant; then what is nearest in time.
     *
     * @param tolerance how far apart the two times of one effect may be: a call is recorded when it is carried out, which
     *     may be minutes after its gate
     */
    public static Comparison of(List<Recorded> recorded, List<Done> done, Duration tolerance) {
        var byCustomer = new LinkedHashMap<CustomerId, Sides>();
        recorded.forEach(each -> byCustomer
                .computeIfAbsent(each.customer(), _ -> new Sides())
                .recorded
                .add(each));
        done.forEach(each -> byCustomer
                .computeIfAbsent(each.customer(), _ -> new Sides())
                .done
                .add(each));
        var matched = new ArrayList<Match>();
        var withoutRequest = new ArrayList<Recorded>();
        var withoutEffect = new ArrayList<Done>();
        byCustomer.values().forEach(sides -> {
            var of = ofOne(sides.recorded, sides.done, tolerance);
            matched.addAll(of.matched());
            withoutRequest.addAll(of.withoutRequest());
            withoutEffect.addAll(of.withoutEffect());
        });
        return new Comparison(matched, withoutRequest, withoutEffect);
    }

    /** What both sides tell of one customer. */
    private static final class Sides {
        private final List<Recorded> recorded = new ArrayList<>();
        private final List<Done> done = new ArrayList<>();
    }

    private static Comparison ofOne(List<Recorded> recorded, List<Done> done, Duration tolerance) {
        var records = new ArrayList<>(recorded);
        var effects = new ArrayList<>(done);
        var matched = new ArrayList<Match>();
        match(
                records,
                effects,
                matched,
                (record, effect) -> effect.correlationId().equalsIgnoreCase(record.correlationId()));
        match(
                records,
                effects,
                matched,
                (record, effect) -> distance(record, effect).compareTo(tolerance) <= 0);
        return new Comparison(matched, records, effects);
    }

    /** The nearest pairs first, whatever the order in which they are given. */
    private static void match(
            List<Recorded> records, List<Done> effects, List<Match> matched, BiPredicate<Recorded, Done> agree) {
        records.stream()
                .flatMap(record -> effects.stream()
                        .filter(effect -> isAboutTheSame(record, effect) && agree.test(record, effect))
                        .map(effect -> new Match(record, effect)))
                .sorted(Comparator.comparing((Match each) -> distance(each.recorded(), each.done()))
                        .thenComparing(each -> each.recorded().at())
                        .thenComparing(each -> each.done().request()))
                .toList()
                .forEach(pair -> {
                    if (isLeft(records, pair.recorded()) && isLeft(effects, pair.done())) {
                        records.removeIf(each -> each == pair.recorded());
                        effects.removeIf(each -> each == pair.done());
                        matched.add(pair);
                    }
                });
    }

    /** By identity: two equal records are two effects. */
    private static <T> boolean isLeft(List<T> left, T one) {
        return left.stream().anyMatch(each -> each == one);
    }

    private static boolean isAboutTheSame(Recorded record, Done effect) {
        var resource = effect.resource();
        return record.effect() == effect.effect()
                && record.customer().equals(effect.customer())
                && (resource == null
                        || record.resources().isEmpty()
                        || record.resources().contains(resource));
    }

    private static Duration distance(Recorded record, Done effect) {
        return Duration.between(effect.at(), record.at()).abs();
    }
}
