package dev.offramp.safety;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.NewTry;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Fence;
import dev.offramp.ledger.Mode;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Resolution;
import dev.offramp.offboarding.Step;
import dev.offramp.partnercenter.Permit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The last short transaction before a destructive call. It writes the next try if, and only if, everything still holds;
 * no try written means no call. It is the only maker of a {@link Permit}, and a permit is the only key to the
 * destructive methods of the client.
 */
public final class Gate {

    private final Permits permits;
    private final TransactionTemplate transactions;
    private final Requests requests;
    private final Attempts attempts;
    private final Batches batches;
    private final Brake brake;
    private final TenantDoubt tenantDoubt;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final ProtectedCustomers protectedCustomers;
    private final Terms terms;
    private final GateJournal journal;

    Gate(
            Permits permits,
            TransactionTemplate transactions,
            Requests requests,
            Attempts attempts,
            Batches batches,
            Brake brake,
            TenantDoubt tenantDoubt,
            InstantSource clock,
            LongSupplier nanos,
            ProtectedCustomers protectedCustomers,
            Terms terms,
            GateJournal journal) {
        this.permits = permits;
        this.transactions = transactions;
        this.requests = requests;
        this.attempts = attempts;
        this.batches = batches;
        this.brake = brake;
        this.tenantDoubt = tenantDoubt;
        this.clock = clock;
        this.nanos = nanos;
        this.protectedCustomers = protectedCustomers;
        this.terms = terms;
        this.journal = journal;
    }

    /**
     * What the gate goes by.
     *
     * @param maxFactAge facts older than this are read again before a call
     * @param sendWithin how long after the gate the call may start
     */
    record Terms(Mode mode, String node, Duration maxFactAge, Duration sendWithin) {}

    /**
     * Who wants to pass with what.
     *
     * @param request as it was read before deciding
     * @param factsReadAt by the deciding clock, when the first read was begun
     * @param beforeImage the resource as it was, for the record
     */
    public record Wish(
            Request request,
            Step step,
            Fence fence,
            Instant factsReadAt,
            @Nullable String beforeImage) {}

    /** Writes the try and grants the permit, or refuses; the whole decision is one transaction. */
    public Pass pass(Wish wish) {
        Pass pass = Objects.requireNonNull(transactions.execute(_ -> decide(wish)));
        if (pass instanceof Pass.Granted granted) {
            journal.tryWritten(wish.request(), granted.written());
        }
        return pass;
    }

    private Pass decide(Wish wish) {
        Optional<Request> current = requests.lock(wish.request().number());
        // Only now: whoever had to wait for the row would judge lease and facts by a time that is over.
        long judgedAt = nanos.getAsLong();
        Instant now = clock.instant();
        List<Try> tries = attempts.of(wish.request().number());
        if (current.filter(Request::isFinal).isPresent()) {
            // One that was reserved while the request became final, e.g. withdrawn: nobody else would give it back.
            permits.giveBack(wish.request().number(), wish.step().word());
        }
        return refusal(wish, current, tries, now)
                .<Pass>map(refused -> refused)
                .orElseGet(() -> grant(wish, tries, judgedAt, now));
    }

    private Optional<Pass.Refused> refusal(Wish wish, Optional<Request> current, List<Try> tries, Instant now) {
        Request asRead = wish.request();
        if (!batches.isCurrent(wish.fence(), now)) {
            return refuse(Pass.Why.LEASE_LOST, "The lease of this batch is no longer ours.");
        }
        if (current.isEmpty()
                || current.get().version() != asRead.version()
                || current.get().isFinal()
                || current.get().withdrawnBy() != null
                || !Objects.equals(current.get().batch(), wish.fence().batch())) {
            return refuse(Pass.Why.STATE_CHANGED, "The request changed since it was read.");
        }
        if (terms.mode() != Mode.LIVE
                || asRead.admission().mode() != Mode.LIVE
                || asRead.terms().planOnly()) {
            return refuse(Pass.Why.NOT_LIVE, "Only live requests are carried out, and only while the mode is live.");
        }
        for (Brake.Pulled pulled : brake.list()) {
            if (pulled.appliesTo(asRead.operation(), asRead.key().source(), asRead.group())) {
                return refuse(
                        pulled.scope() == Brake.Scope.ALL ? Pass.Why.BRAKE : Pass.Why.BRAKE_IN_PART, pulled.sentence());
            }
        }
        if (protectedCustomers.contains(asRead.customerId())) {
            return refuse(Pass.Why.PROTECTED, "Customer %s is on the protected list.".formatted(asRead.customerId()));
        }
        Optional<Resolution> doubted = tenantDoubt.hold(asRead);
        if (doubted.isPresent()) {
            return refuse(Pass.Why.TENANT_DOUBT, doubted.get().message());
        }
        if (tries.stream().anyMatch(Try::inDoubt)) {
            return refuse(Pass.Why.UNANSWERED_TRY, "An earlier try of this request is without a reply.");
        }
        if (tries.stream().anyMatch(each -> each.step().equals(wish.step().word()) && each.wasAccepted())) {
            return refuse(Pass.Why.UNANSWERED_TRY, "An earlier try of this step was accepted.");
        }
        if (!permits.has(wish.request().number(), wish.step().word())) {
            return refuse(Pass.Why.NO_PERMIT, "No permit is reserved for this step.");
        }
        if (wish.factsReadAt().plus(terms.maxFactAge()).isBefore(now)) {
            return refuse(
                    Pass.Why.FACTS_TOO_OLD, "The facts are older than " + Words.duration(terms.maxFactAge()) + ".");
        }
        return Optional.empty();
    }

    /**
     * @param judgedAt from here on the time to send runs, not from the end of the transaction: a process that stands still
     *     inside it would send when lease and brake are not what was judged, and later than its try says
     */
    private Pass grant(Wish wish, List<Try> tries, long judgedAt, Instant now) {
        UUID requestId = requestIdFor(wish, tries);
        UUID correlationId = UUID.randomUUID();
        Try written = attempts.write(
                new NewTry(
                        wish.request().number(),
                        wish.step().word(),
                        requestId,
                        correlationId,
                        wish.factsReadAt(),
                        terms.node(),
                        wish.fence(),
                        wish.beforeImage()),
                now);
        Request request = wish.request();
        return new Pass.Granted(
                new Permit(
                        request.operation(),
                        request.customerId(),
                        wish.step(),
                        requestId,
                        correlationId,
                        judgedAt + terms.sendWithin().toNanos()),
                written);
    }

    /** The same {@code MS-RequestId} as long as no response was seen, a new one after any (Partner Center: headers). */
    private static UUID requestIdFor(Wish wish, List<Try> tries) {
        return tries.stream()
                .filter(each -> each.step().equals(wish.step().word()))
                .reduce((_, later) -> later)
                .filter(Gate::sawNoResponse)
                .map(Try::msRequestId)
                .orElseGet(UUID::randomUUID);
    }

    private static boolean sawNoResponse(Try last) {
        return last.reply() == null
                || last.reply().kind() == Attempts.ReplyKind.NOT_SENT
                || last.reply().kind() == Attempts.ReplyKind.LOST
                        && last.reply().httpStatus() == 0;
    }

    private static Optional<Pass.Refused> refuse(Pass.Why why, String sentence) {
        return Optional.of(new Pass.Refused(why, sentence));
    }
}
