package dev.offramp.reconcile;

import dev.offramp.partnercenter.AuditRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the comparison of one UTC day came to. Nothing is dropped: what a record cannot say is counted and named.
 *
 * @param matched effects that both sides tell
 * @param withoutRequest effects that no call of ours explains: somebody else caused them, or worse
 * @param explained effects of calls of which nobody knew whether they were carried out: they were
 * @param missing effects that the ledger tells and no record shows, long after the day
 * @param late the same, soon after the day: their records may still come
 * @param ordinary changes by others that are no loss for anybody, e.g. another quantity
 * @param otherOperations records about what Offramp never does, by their operation
 * @param notSucceeded records of what was not carried out, or not yet, by their status
 * @param unreadable records that lack what they would be compared by, by what is missing
 */
record Findings(
        int matched,
        List<Foreign> withoutRequest,
        List<Explained> explained,
        List<Unseen> missing,
        List<Unseen> late,
        int ordinary,
        Map<String, Integer> otherOperations,
        Map<String, Integer> notSucceeded,
        Map<String, Integer> unreadable) {

    /** An effect that nobody here asked for. */
    record Foreign(
            Instant at,
            String effect,
            String customerId,
            List<String> resources,
            @Nullable String correlationId,
            String who) {

        static Foreign of(Recorded recorded) {
            return new Foreign(
                    recorded.at(),
                    recorded.effect().word(),
                    recorded.customer().value(),
                    recorded.resources().stream().sorted().toList(),
                    recorded.correlationId(),
                    recorded.who());
        }
    }

    /** The effect of a call of which nobody knew. */
    record Explained(Instant at, String effect, String customerId, long request, String msCorrelationId) {

        static Explained of(Comparison.Match match) {
            var done = match.done();
            return new Explained(
                    match.recorded().at(),
                    match.recorded().effect().word(),
                    done.customer().value(),
                    done.request(),
                    done.correlationId());
        }
    }

    /** An effect that no record shows. */
    record Unseen(
            Instant at,
            String effect,
            String customerId,
            @Nullable String resource,
            long request,
            String msCorrelationId) {

        static Unseen of(Done done) {
            return new Unseen(
                    done.at(),
                    done.effect().word(),
                    done.customer().value(),
                    done.resource(),
                    done.request(),
                    done.correlationId());
        }
    }

    /** Whether somebody has to look. */
    boolean wantPerson() {
        return !withoutRequest.isEmpty() || !missing.isEmpty();
    }

    /**
     * Compares.
     *
     * @param records of the day, the one before and the one after it
     * @param calls of the day and as much before and after it as the tolerance says
     * @param tolerance how far the times of a call and of its record may be apart
     * @param soon whether records of the day may still come
     */
    static Findings of(LocalDate day, List<AuditRecord> records, List<Called> calls, Duration tolerance, boolean soon) {
        var recorded = new ArrayList<Recorded>();
        var others = new TreeMap<String, Integer>();
        var notSucceeded = new TreeMap<String, Integer>();
        var unreadable = new TreeMap<String, Integer>();
        for (var each : records) {
            var at = each.at();
            int counts = at == null || isOf(day, at) ? 1 : 0;
            switch (judge(each)) {
                case Judged.Readable(Recorded readable) -> recorded.add(readable);
                case Judged.Other(String operation) -> count(others, operation, counts);
                case Judged.NotSucceeded(String status) -> count(notSucceeded, status, counts);
                case Judged.Without(String what) -> count(unreadable, what, counts);
            }
        }
        var sure = Comparison.of(
                recorded, calls.stream().filter(Called::sure).map(Called::done).toList(), tolerance);
        var unsure = Comparison.of(
                sure.withoutRequest(),
                calls.stream().filter(each -> !each.sure()).map(Called::done).toList(),
                tolerance);
        var foreign = unsure.withoutRequest().stream()
                .filter(each -> isOf(day, each.at()))
                .toList();
        var unseen = sure.withoutEffect().stream()
                .filter(each -> isOf(day, each.at()))
                .map(Unseen::of)
                .toList();
        return new Findings(
                Math.toIntExact(sure.matched().stream()
                        .filter(each -> isOf(day, each.recorded().at()))
                        .count()),
                foreign.stream()
                        .filter(each -> !each.ordinary())
                        .map(Foreign::of)
                        .toList(),
                unsure.matched().stream()
                        .filter(each -> isOf(day, each.recorded().at()))
                        .map(Explained::of)
                        .toList(),
                soon ? List.of() : unseen,
                soon ? unseen : List.of(),
                Math.toIntExact(foreign.stream().filter(Recorded::ordinary).count()),
                others,
                notSucceeded,
                unreadable);
    }

    private static void count(Map<String, Integer> counts, String word, int more) {
        if (more > 0) {
            counts.merge(word, more, Integer::sum);
        }
    }

    /** What a record is good for. */
    private sealed interface Judged {

        record Readable(Recorded recorded) implements Judged {}

        record Other(String operation) implements Judged {}

        record NotSucceeded(String status) implements Judged {}

        record Without(String what) implements Judged {}
    }

    private static Judged judge(AuditRecord record) {
        if (record.operationType().isBlank()) {
            return new Judged.Without("operationType");
        }
        var effect = Effect.of(record.operationType());
        if (effect.isEmpty()) {
            return new Judged.Other(record.operationType().toLowerCase(Locale.ROOT));
        }
        if (!record.status().equalsIgnoreCase("succeeded")) {
            return record.status().isBlank()
                    ? new Judged.Without("operationStatus")
                    : new Judged.NotSucceeded(record.status().toLowerCase(Locale.ROOT));
        }
        var at = record.at();
        var customer = record.customer();
        if (at == null) {
            return new Judged.Without("operationDate");
        }
        if (customer == null) {
            return new Judged.Without("customerId");
        }
        return new Judged.Readable(new Recorded(
                at,
                effect.get(),
                customer,
                record.resources(),
                record.correlationId(),
                isOrdinary(effect.get(), record),
                record.who()));
    }

    /** A record that does not say what became of the resource is never taken for ordinary. */
    private static boolean isOrdinary(Effect effect, AuditRecord record) {
        var status = record.statusAfter() == null ? "" : record.statusAfter().toLowerCase(Locale.ROOT);
        return switch (effect) {
            case SUBSCRIPTION_UPDATED -> status.equals("active") && !Boolean.FALSE.equals(record.renewsAfter());
            case ORDER_UPDATED -> Stream.of("completed", "pending").anyMatch(status::equals);
            case RELATIONSHIP_REMOVED, CUSTOMER_DELETED -> false;
        };
    }

    private static boolean isOf(LocalDate day, Instant at) {
        return at.atOffset(ZoneOffset.UTC).toLocalDate().equals(day);
    }
}
