package dev.offramp.simulation;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Ledger;
import dev.offramp.ledger.Turns;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.SubscriptionId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ledger as one node sees it, with one promise broken in the memory of that node. */
final class Breaking {

    private Breaking() {}

    static Ledger ledger(Ledger whole, Breakage breakage) {
        return switch (breakage) {
            case NO_TRY_BEFORE_THE_CALL -> with(whole, new LateTries(whole.attempts()), whole.turns());
            case REPLY_NOT_DURABLE_BEFORE_THE_NEXT_CALL -> {
                var late = new LateReplies(whole.attempts());
                yield with(whole, late, late.andTurns(whole.turns()));
            }
            case REPEAT_WITHOUT_READING -> with(whole, new Unread(whole.attempts()), whole.turns());
            default -> whole;
        };
    }

    private static Ledger with(Ledger whole, Attempts attempts, Turns turns) {
        return new Ledger(
                whole.requests(),
                attempts,
                turns,
                whole.batches(),
                whole.outcomes(),
                whole.refusals(),
                whole.offsets(),
                whole.audit(),
                whole.customers(),
                whole.decisions(),
                whole.recoveries());
    }

    /** Passes everything on. */
    private static class Same implements Attempts {

        final Attempts attempts;

        Same(Attempts attempts) {
            this.attempts = attempts;
        }

        @Override
        public List<Try> of(long request) {
            return attempts.of(request);
        }

        @Override
        public Optional<Try> latest(long request, String step) {
            return of(request).stream().filter(each -> each.step().equals(step)).reduce((_, later) -> later);
        }

        @Override
        public Try write(NewTry next, Instant now) {
            return attempts.write(next, now);
        }

        @Override
        public boolean reply(TryId id, RecordedReply reply, Instant now) {
            return attempts.reply(id, reply, now);
        }

        @Override
        public void found(TryId id, Finding finding, Instant now) {
            attempts.found(id, finding, now);
        }

        @Override
        public boolean decide(TryId id, Finding finding, String who, Instant now) {
            return attempts.decide(id, finding, who, now);
        }

        @Override
        public List<DoneChange> doneSince(CustomerId customer, Instant since) {
            return attempts.doneSince(customer, since);
        }

        @Override
        public Optional<String> beforeLastSuspend(CustomerId customer, SubscriptionId subscription) {
            return attempts.beforeLastSuspend(customer, subscription);
        }
    }

    /** The try is written with its reply. */
    private static final class LateTries extends Same {

        private final Map<TryId, NewTry> waiting = new HashMap<>();
        private long next;

        LateTries(Attempts attempts) {
            super(attempts);
        }

        @Override
        public Try write(NewTry wanted, Instant now) {
            var id = new TryId(--next, 1);
            waiting.put(id, wanted);
            return new Try(
                    id,
                    wanted.step(),
                    wanted.msRequestId(),
                    wanted.msCorrelationId(),
                    now,
                    wanted.node(),
                    wanted.fence().batch(),
                    wanted.beforeImage(),
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        @Override
        public boolean reply(TryId id, RecordedReply reply, Instant now) {
            var wanted = waiting.remove(id);
            return super.reply(wanted == null ? id : attempts.write(wanted, now).id(), reply, now);
        }
    }

    /** Replies are written when the item is over. */
    private static final class LateReplies extends Same {

        private record Waiting(RecordedReply reply, Instant at) {}

        private final Map<TryId, Waiting> waiting = new LinkedHashMap<>();

        LateReplies(Attempts attempts) {
            super(attempts);
        }

        @Override
        public boolean reply(TryId id, RecordedReply reply, Instant now) {
            waiting.put(id, new Waiting(reply, now));
            return true;
        }

        @Override
        public List<Try> of(long request) {
            return super.of(request).stream().map(this::answered).toList();
        }

        private Try answered(Try each) {
            var late = waiting.get(each.id());
            return late == null
                    ? each
                    : new Try(
                            each.id(),
                            each.step(),
                            each.msRequestId(),
                            each.msCorrelationId(),
                            each.gatedAt(),
                            each.node(),
                            each.batch(),
                            each.beforeImage(),
                            late.reply(),
                            late.at(),
                            each.finding(),
                            each.foundAt(),
                            each.foundBy());
        }

        Turns andTurns(Turns turns) {
            return new Turns() {
                @Override
                public boolean win(CustomerId customer, Fence fence, int item, Instant now) {
                    return turns.win(customer, fence, item, now);
                }

                @Override
                public void giveBack(Fence fence, Collection<Integer> items) {
                    var late = Map.copyOf(waiting);
                    late.forEach((id, each) -> attempts.reply(id, each.reply(), each.at()));
                    waiting.keySet().removeAll(late.keySet());
                    turns.giveBack(fence, items);
                }
            };
        }
    }

    /** A call without a reply counts as not done. */
    private static final class Unread extends Same {

        Unread(Attempts attempts) {
            super(attempts);
        }

        @Override
        public List<Try> of(long request) {
            return super.of(request).stream()
                    .map(each -> !each.inDoubt()
                            ? each
                            : new Try(
                                    each.id(),
                                    each.step(),
                                    each.msRequestId(),
                                    each.msCorrelationId(),
                                    each.gatedAt(),
                                    each.node(),
                                    each.batch(),
                                    each.beforeImage(),
                                    each.reply(),
                                    each.repliedAt(),
                                    Finding.NOT_DONE,
                                    each.foundAt(),
                                    each.foundBy()))
                    .toList();
        }
    }
}
