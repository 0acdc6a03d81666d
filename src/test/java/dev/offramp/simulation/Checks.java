package dev.offramp.simulation;

import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.RequestKey;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.partnercenter.Permit;
import dev.offramp.simulation.MemoryRows.Asked;
import dev.offramp.simulation.MemoryRows.Sent;
import dev.offramp.simulation.MemoryRows.Told;
import dev.offramp.simulation.MemoryRows.TryKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What must hold, looked at as it happens and at the end; it knows the truth and what is committed, not the program. */
final class Checks {

    private final World world;
    private final Stage stage;
    private final MemoryRows rows;

    /** What arrived at the topic: ids by customer, in the order of their first arrival. */
    final Map<String, List<String>> topic = new HashMap<>();

    /** By the keys of requests: when their source was last known to have asked for their outcome again. */
    private final Map<String, Long> askedAgain = new HashMap<>();

    /** By the keys of requests: when the last sending that arrived was begun. */
    private final Map<String, Long> sendingBegun = new HashMap<>();

    /** Since when the brake on everything is pulled. */
    long brakePulledAt = Long.MAX_VALUE;

    /** Who won a customer's turn, in order. */
    private final Map<String, List<Turn>> turns = new HashMap<>();

    /** Which leases of a batch began when. */
    private final Map<Long, List<LeaseTaken>> leases = new HashMap<>();

    private record Turn(@Nullable Fence fence, @Nullable Integer item, long at) {}

    private record LeaseTaken(long number, long at) {}

    Checks(World world) {
        this.world = world;
        stage = world.stage;
        rows = world.rows;
    }

    /** An invariant does not hold. */
    static final class Violation extends AssertionError {

        private static final long serialVersionUID = 1L;

        Violation(String sentence) {
            super(sentence, null);
        }
    }

    void violated(String sentence) {
        stage.tell("VIOLATED: " + sentence);
        if (stage.broken == null) {
            stage.broken = new Violation(sentence);
        }
    }

    /** In the commit, before anybody sees it. */
    void commits() {
        for (var written : rows.tries.written()) {
            if (rows.tries.committedRow(new TryKey(
                            written.sent().id().attempt(), written.sent().id().number()))
                    == null) {
                passesTheGate(written);
            }
        }
        rows.customers.writtenByKey((id, row) ->
                turns.computeIfAbsent(id, _ -> new ArrayList<>()).add(new Turn(row.turn(), row.item(), stage.now)));
        for (var batch : rows.batches.written()) {
            leases.computeIfAbsent(batch.number(), _ -> new ArrayList<>())
                    .add(new LeaseTaken(batch.leaseNumber(), stage.now));
        }
        for (var told : rows.outcomes.written()) {
            if (rows.outcomes.committedRow(told.number()) == null) {
                isTold(told);
            }
        }
    }

    private void passesTheGate(Sent written) {
        for (var other : rows.tries.committedRows()) {
            if (other.request() == written.request() && other.sent().inDoubt()) {
                violated("I2: request %d passed the gate with an earlier try in doubt".formatted(written.request()));
            }
        }
    }

    /** Whether all held at the moment at which the gate judged, and the call leaves soon after it. */
    private void wasRight(Sent written, Request request) {
        long number = written.request();
        long judged = stage.micros(written.sent().gatedAt());
        if (stage.now - judged > 2 * ModelPartnerCenter.SECOND) {
            violated("Gate: request %d calls %d ms after the gate judged"
                    .formatted(number, (stage.now - judged) / 1000));
        }
        if (brakePulledAt < judged || brakePulledAt < stage.now - 2 * ModelPartnerCenter.SECOND) {
            violated("I7: request %d calls under the brake".formatted(number));
        }
        if (leases.getOrDefault(written.fence().batch(), List.of()).stream()
                .anyMatch(each -> each.number() > written.fence().leaseNumber() && each.at() <= judged)) {
            violated("Fence: request %d passed the gate under a lease that another had taken".formatted(number));
        }
        var holder = turns.getOrDefault(request.customerId().value(), List.of()).stream()
                .filter(each -> each.at() <= judged)
                .reduce((_, later) -> later);
        if (holder.isEmpty()
                || !written.fence().equals(holder.get().fence())
                || !Objects.equals(holder.get().item(), request.item())) {
            violated("Turn: request %d passed the gate and the turn is another's".formatted(number));
        }
    }

    private void isTold(Told told) {
        if (told.resolution().status() != Status.SUCCEEDED) {
            return;
        }
        var request = rows.asked(told.request()).request();
        var target = request.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP
                ? request.customerId().value()
                : request.subscriptionId() == null
                        ? null
                        : request.subscriptionId().value();
        if (target != null && !world.truth.isInForce(target, stage.now)) {
            violated("I9: request %d is told as succeeded and it is not so".formatted(told.request()));
        }
    }

    /** A destructive call leaves its node. */
    Truth.Sent callLeaves(Permit permit, String target, List<Truth.Sent> answeredBefore) {
        var written = committed(permit.correlationId());
        long number = written == null ? world.requestOf(permit) : written.request();
        var sent = new Truth.Sent(number, permit.step().word(), permit.correlationId(), stage.now);
        if (written == null) {
            violated("I3: a call of request %d leaves and its try is not durable".formatted(number));
        } else if (written.sent().reply() != null) {
            violated("I3: a call of request %d leaves under a try that has its reply already".formatted(number));
        }
        for (var before : answeredBefore) {
            var reply = committed(before.correlationId);
            // Of the same item: the next batch of the customer begins with the ledger as it stands.
            boolean ofTheItem =
                    reply == null || written == null || reply.fence().equals(written.fence());
            if (ofTheItem && (reply == null || reply.sent().reply() == null)) {
                violated("I3: a call leaves and the reply to the customer's call before, for request %d, is not durable"
                        .formatted(before.request));
            }
        }
        for (var before : world.truth.calls) {
            if (before.request == number && before.step.equals(sent.step) && before.effect != null) {
                violated("I2: request %d calls %s again, and its call before has its effect"
                        .formatted(number, sent.step));
            }
        }
        var effect = world.truth.effects.get(target);
        if (effect != null && written != null) {
            long readable = Math.max(effect.visibleAt, effect.lastStaleRead);
            if (readable < stage.micros(written.factsReadAt())) {
                violated("I2: request %d calls and the effect was to be read before".formatted(number));
            }
        }
        inOrder(number, target);
        var row = rows.requests.committedRow(number);
        if (written != null && row != null) {
            wasRight(written, row.request());
            world.guardChecks.callLeaves(permit, row.request(), world.permitOf(number, permit.step()));
        }
        world.truth.calls.add(sent);
        return sent;
    }

    /** Only a call of another request may find its target changed; its own changes it once. */
    void takesEffect(Truth.Sent sent, String target) {}

    private void inOrder(long number, String target) {
        var row = rows.requests.committedRow(number);
        if (row == null) {
            return;
        }
        var request = row.request();
        for (var each : rows.requests.committedRows()) {
            var earlier = each.request();
            if (earlier.number() >= number) {
                break;
            }
            if (earlier.isFinal()
                    || earlier.operation() == Operation.WITHDRAW
                    || !earlier.customerId().equals(request.customerId())) {
                continue;
            }
            boolean unlinks = request.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP;
            boolean same = Objects.equals(earlier.subscriptionId(), request.subscriptionId());
            boolean together = earlier.batch() != null
                    && earlier.batch().equals(request.batch())
                    && Objects.equals(earlier.item(), request.item());
            if ((unlinks || same) && !together) {
                violated("Order: request %d calls before the earlier request %d is final"
                        .formatted(number, earlier.number()));
            }
        }
        if (request.operation() == Operation.REMOVE_RESELLER_RELATIONSHIP) {
            for (var sent : rows.tries.committedRows()) {
                var other = rows.asked(sent.request()).request();
                if (other.number() != number
                        && other.customerId().equals(request.customerId())
                        && other.operation() == Operation.CANCEL_SUBSCRIPTION
                        && !other.isFinal()
                        && sent.sent().inDoubt()) {
                    violated("Order: unlink %d calls while the call of request %d is in doubt"
                            .formatted(number, other.number()));
                }
            }
        }
        if (target.equals(request.customerId().value())) {
            for (var subscription : world.truth.subscriptions.getOrDefault(request.customerId(), List.of())) {
                if (!world.truth.isInForce(subscription.value(), stage.now)) {
                    violated("Order: request %d unlinks a customer with an active subscription".formatted(number));
                }
            }
        }
    }

    private MemoryRows.@Nullable Sent committed(UUID correlationId) {
        for (var each : rows.tries.committedRows()) {
            if (each.sent().msCorrelationId().equals(correlationId)) {
                return each;
            }
        }
        return null;
    }

    /** Its source has asked for the newest outcome again, and that is committed. */
    void asksAgain(RequestKey key) {
        askedAgain.put(key.toString(), stage.now);
    }

    /** The broker took it. */
    void arrives(String customer, String id, long begun) {
        sendingBegun.merge(id.substring(0, id.indexOf('#')), begun, Math::max);
        var ids = topic.computeIfAbsent(customer, _ -> new ArrayList<>());
        if (!ids.contains(id)) {
            ids.add(id);
        }
    }

    /** When all is over. */
    void atTheEnd() {
        Map<String, Integer> finals = new LinkedHashMap<>();
        for (var each : rows.requests.committedRows()) {
            judge(each);
            if (each.request().isFinal()) {
                finals.merge(each.request().key().toString(), 1, Integer::sum);
            }
        }
        finals.forEach((key, count) -> {
            if (count > 1) {
                violated("I1: %s has %d final outcomes".formatted(key, count));
            }
        });
        askedAgain.forEach((key, at) -> {
            if (sendingBegun.getOrDefault(key, 0L) < at) {
                violated("Outcomes: %s was asked for again, and nothing was sent after that".formatted(key));
            }
        });
        for (var key : world.keys) {
            if (!finals.containsKey(key.toString())) {
                violated("I1: %s was read and has no final outcome".formatted(key));
            }
        }
    }

    private void judge(Asked asked) {
        Request request = asked.request();
        var told = rows.outcomes.committedRows().stream()
                .filter(each -> each.request() == request.number())
                .toList();
        for (int sequence = 1; sequence <= request.sequence(); sequence++) {
            int wanted = sequence;
            if (told.stream().filter(each -> each.sequence() == wanted).count() != 1) {
                violated("Outcomes: request %d has not exactly one outcome %d".formatted(request.number(), sequence));
            }
        }
        if (told.stream().filter(each -> each.resolution().status().isFinal()).count() != 1) {
            violated("I1: request %d has not exactly one final outcome".formatted(request.number()));
        }
        var arrived = topic.getOrDefault(request.customerId().value(), List.of()).stream()
                .filter(each -> each.startsWith(request.key() + "#"))
                .map(each -> Integer.parseInt(each.substring(each.indexOf('#') + 1)))
                .toList();
        for (int each = 0; each < arrived.size(); each++) {
            if (arrived.get(each) != each + 1 && !rows.duplicatesAllowed) {
                violated("Outcomes: request %d was published in the order %s".formatted(request.number(), arrived));
                break;
            }
        }
        if (arrived.size() < request.sequence()) {
            violated("Outcomes: request %d was published up to %s of %d"
                    .formatted(request.number(), arrived, request.sequence()));
        }
        boolean changed =
                world.truth.calls.stream().anyMatch(each -> each.request == request.number() && each.effect != null);
        if (changed && request.effect() == Effect.NONE && request.reason() != Reason.ALREADY_DONE) {
            violated("I9: request %d is %s without effect, and its call had one"
                    .formatted(request.number(), request.reason().word()));
        }
    }
}
