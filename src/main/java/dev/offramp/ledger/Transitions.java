package dev.offramp.ledger;

import dev.offramp.ledger.Details.StepTaken;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Order;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Releases;
import dev.offramp.offboarding.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One request's step from one state to the next: its row, its outcome, its permits, and those that wait for it. */
final class Transitions {

    private final Database database;
    private final RequestRows requests;
    private final OutcomeRows outcomes;
    private final OnTheWire onTheWire;
    private final Duration holdExpires;

    /** @param holdExpires what nobody has decided about for so long is not done any more */
    Transitions(
            Database database, RequestRows requests, OutcomeRows outcomes, OnTheWire onTheWire, Duration holdExpires) {
        this.database = database;
        this.requests = requests;
        this.outcomes = outcomes;
        this.onTheWire = onTheWire;
        this.holdExpires = holdExpires;
    }

    /** @return false when the state is no longer the one that was read, or the lease is not current */
    boolean change(Request asRead, Resolution decided, @Nullable Fence fence, Instant now) {
        var resolution = decided.decidedUntil(asRead.terms().notAfter(), holdExpires, now);
        // Before its own row, since it has the smaller number: the end of that request cannot slip between here and the
        // update, so no wake-up is lost.
        var awaited = resolution.waitsFor() == null ? Optional.<Request>empty() : requests.lock(resolution.waitsFor());
        boolean waits = awaited.filter(each -> mustStillWait(asRead, each)).isPresent();
        if (!write(asRead, resolution, waits, fence, now)) {
            return false;
        }
        if (!saysTheSame(asRead, resolution)) {
            outcomes.addNext(asRead, withSteps(asRead.number(), resolution), now);
        }
        if (waits) {
            awaited.ifPresent(each -> urge(each.number(), asRead.number()));
        }
        returnPermits(asRead.number(), resolution.status());
        if (resolution.status().isFinal()) {
            wake(asRead.number(), "", now);
        } else if (standsStill(resolution.status())
                && asRead.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP
                && !onTheWire.includes(asRead)) {
            // What clears its way does not wait behind an unlink that stands still.
            wake(
                    asRead.number(),
                    "and operation in ('cancel-subscription', 'suspend-subscription', 'turn-off-auto-renew')",
                    now);
        }
        return true;
    }

    /** An outcome that tells of a change names the steps that were taken for it. */
    private Resolution withSteps(long request, Resolution resolution) {
        // What was renewed in spite of a step has no effect left, but there was one.
        if (resolution.effect() == Effect.NONE && resolution.reason() != Reason.RENEWED) {
            return resolution;
        }
        return resolution.with(resolution
                .details()
                .with(database.jdbc()
                        .sql("""
                        select a.step, t.gated_at, t.reply, t.finding, t.found_by, t.ms_request_id, t.ms_correlation_id
                        from attempt a
                        join attempt_try t on t.attempt_number = a.number
                        where a.request_number = :request
                          and t.try_number = (
                              select max(l.try_number) from attempt_try l where l.attempt_number = a.number)
                        order by a.number
                        """)
                        .param("request", request)
                        .query((row, _) -> new StepTaken(
                                Rows.text(row, "step"),
                                Rows.time(row, "gated_at"),
                                row.getString("reply"),
                                confirmedBy(row.getString("finding"), row.getString("found_by")),
                                Rows.text(row, "ms_request_id"),
                                Rows.text(row, "ms_correlation_id")))
                        .list()));
    }

    private static @Nullable String confirmedBy(@Nullable String finding, @Nullable String person) {
        if (!"done".equals(finding)) {
            return null;
        }
        return person == null ? Details.READ_BACK : Details.AUDIT_RECORD;
    }

    /**
     * Takes a request out of its batch with its state as it stands.
     *
     * @return false as for {@link #change}
     */
    boolean handBack(Request asRead, Instant dueAt, @Nullable Fence fence, Instant now) {
        boolean changed = database.jdbc()
                        .sql("""
                        update request
                        set version = version + 1, due_at = :dueAt,
                            batch_number = null, item_number = null, last_batch = :lastBatch
                        where number = :number and version = :version and settled_at is null
                        """ + within(fence))
                        .param("dueAt", Parameters.time(dueAt))
                        .param("lastBatch", asRead.batch() == null ? asRead.lastBatch() : asRead.batch())
                        .param("number", asRead.number())
                        .param("version", asRead.version())
                        .param("now", Parameters.time(now))
                        .params(parametersOf(fence))
                        .update()
                == 1;
        if (changed) {
            returnPermits(asRead.number(), null);
        }
        return changed;
    }

    private boolean write(Request asRead, Resolution resolution, boolean waits, @Nullable Fence fence, Instant now) {
        var status = resolution.status();
        var released = released(asRead, resolution);
        boolean leaves = status == Status.DEFERRED || status == Status.HELD || status == Status.ACCEPTED;
        return database.jdbc()
                        .sql("""
                        update request
                        set status = :status, reason = :reason, effect = :effect, message = :message,
                            version = version + 1, sequence = :sequence,
                            due_at = :dueAt, waits_for = :waitsFor,
                            batch_number = :batch, item_number = :item, last_batch = :lastBatch,
                            released = :released, released_for = :releasedFor, deferrals = :deferrals, not_done_reads = :notDoneReads, doubt_since = :doubtSince,
                            decide_by = :decideBy, look_at = %s, last_chance_at = %s,
                            changed_at = :now, settled_at = :settledAt
                        where number = :number and version = :version and settled_at is null
                        """.formatted(lookAt(status), status.isFinal() ? "null" : "last_chance_at")
                                + within(fence))
                        .param("status", status.word())
                        .param("reason", resolution.reason().word())
                        .param("effect", resolution.effect().word())
                        .param("message", resolution.message())
                        .param("sequence", asRead.sequence() + (saysTheSame(asRead, resolution) ? 0 : 1))
                        .param("dueAt", Parameters.timeOrNull(dueAt(resolution, waits, now)))
                        .param("waitsFor", waits ? resolution.waitsFor() : null)
                        .param("batch", leaves ? null : asRead.batch())
                        .param("item", leaves ? null : asRead.item())
                        .param("lastBatch", leaves && asRead.batch() != null ? asRead.batch() : asRead.lastBatch())
                        .param("released", words(released))
                        .param("releasedFor", sentences(released))
                        .param("deferrals", status == Status.DEFERRED ? asRead.deferrals() + 1 : 0)
                        .param("notDoneReads", resolution.doubt().notDoneReads())
                        .param(
                                "doubtSince",
                                Parameters.timeOrNull(resolution.doubt().since()))
                        .param(
                                "decideBy",
                                Parameters.timeOrNull(
                                        status == Status.HELD
                                                ? resolution.details().decideBy()
                                                : null))
                        .param("now", Parameters.time(now))
                        .param("settledAt", status.isFinal() ? Parameters.time(now) : null)
                        .param("number", asRead.number())
                        .param("version", asRead.version())
                        .params(parametersOf(fence))
                        .update()
                == 1;
    }

    /** What is held is read once, so that people see names; by now nobody has a connection to spare for that. */
    private static String lookAt(Status status) {
        return status == Status.HELD
                ? "case when sight is null then cast(:now as timestamp with time zone) end"
                : "null";
    }

    /** Whoever lets a held request go on releases it from what held it as it was found, and from nothing else. */
    private static Releases released(Request asRead, Resolution next) {
        // What waits behind canaries goes on by itself when they are well: nobody released it.
        boolean byItself = asRead.reason() == Reason.CANARY && next.details().decidedBy() == null;
        return asRead.status() == Status.HELD && next.status() == Status.ACCEPTED && !byItself
                ? asRead.released().and(asRead.reason(), asRead.message())
                : asRead.released();
    }

    private static String words(Releases released) {
        return released.reasons().stream().map(Reason::word).sorted().collect(Collectors.joining(" "));
    }

    private static @Nullable String sentences(Releases released) {
        return released.reasons().isEmpty()
                ? null
                : Json.write(new Rows.Found(released.given().entrySet().stream()
                        .collect(Collectors.toMap(each -> each.getKey().word(), Map.Entry::getValue))));
    }

    private static @Nullable Instant dueAt(Resolution resolution, boolean waits, Instant now) {
        if (resolution.status() == Status.ACCEPTED) {
            return now;
        }
        if (resolution.status() != Status.DEFERRED) {
            return null;
        }
        return resolution.waitsFor() != null && !waits ? now : resolution.wakeAt();
    }

    private static String within(@Nullable Fence fence) {
        return fence == null ? "" : """
                and batch_number = :fenceBatch
                and exists (
                    select 1 from batch b
                    where b.number = :fenceBatch and b.lease_number = :fenceLease
                      and b.state = 'running' and b.lease_until > :now)
                """;
    }

    private static Map<String, Object> parametersOf(@Nullable Fence fence) {
        return fence == null ? Map.of() : Map.of("fenceBatch", fence.batch(), "fenceLease", fence.leaseNumber());
    }

    /** Whether nobody would learn anything from another outcome. */
    private static boolean saysTheSame(Request asRead, Resolution resolution) {
        return (resolution.status() == Status.DEFERRED || resolution.status() == Status.STALLED)
                && asRead.reason() == resolution.reason()
                && asRead.effect() == resolution.effect();
    }

    /** A permit is spent once a try may have left; otherwise it goes back, unless the request goes on as it stands. */
    private void returnPermits(long request, @Nullable Status status) {
        database.jdbc().sql("""
                update permit
                set state = 'spent'
                where request_number = :request and state = 'reserved'
                  and exists (
                      select 1
                      from attempt a
                      join attempt_try t on t.attempt_number = a.number
                      where a.request_number = permit.request_number and a.step = permit.step
                        and (t.reply is null or t.reply <> 'not-sent'))
                """).param("request", request).update();
        if (status != Status.STALLED) {
            database.jdbc()
                    .sql("delete from permit where request_number = :request and state = 'reserved'")
                    .param("request", request)
                    .update();
        }
    }

    /** What one waits for is claimed as early as that one would be; its row is locked already. */
    private void urge(long awaited, long waiting) {
        var by = database.jdbc()
                .sql("select %s as urgency from request r where r.number = :waiting"
                        .formatted(database.dialect().urgency()))
                .param("waiting", waiting)
                .query((row, _) -> Optional.ofNullable(Rows.timeOrNull(row, "urgency")))
                .single();
        by.ifPresent(time -> database.jdbc()
                .sql("""
                update request
                set needed_by = :by
                where number = :awaited and (needed_by is null or needed_by > :by)
                """)
                .param("by", Parameters.time(time))
                .param("awaited", awaited)
                .update());
    }

    /** Makes those due that wait for this request, as far as the condition holds for them. */
    private void wake(long awaited, String condition, Instant now) {
        database.jdbc()
                .sql("""
                update request
                set due_at = :now, waits_for = null
                where waits_for = :awaited and status = 'deferred' and batch_number is null
                """ + condition)
                .param("now", Parameters.time(now))
                .param("awaited", awaited)
                .update();
    }

    private static boolean standsStill(Status status) {
        return status == Status.HELD || status == Status.DEFERRED;
    }

    /** Whether the earlier request still stands before this one, now that its row is locked. */
    private boolean mustStillWait(Request request, Request earlier) {
        return !Order.mustWaitFor(standing(request, false), List.of(standing(earlier, onTheWire.includes(earlier))))
                .isEmpty();
    }

    private static Order.Standing standing(Request request, boolean onTheWire) {
        return new Order.Standing(
                request.number(),
                request.operation(),
                request.subscriptionId(),
                request.order(),
                request.status(),
                onTheWire);
    }
}
