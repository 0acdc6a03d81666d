package dev.offramp.batch;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Attempts.Finding;
import dev.offramp.ledger.Attempts.ReplyKind;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Request;
import dev.offramp.offboarding.Change;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Step;
import dev.offramp.offboarding.StepsDone;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import dev.offramp.partnercenter.Reply.Declined.Meaning;
import dev.offramp.partnercenter.SubscriptionResource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the ledger tells of the steps that a request has taken. */
final class TakenSteps {

    private final Attempts attempts;
    private final StepCalls calls;

    TakenSteps(Attempts attempts, StepCalls calls) {
        this.attempts = attempts;
        this.calls = calls;
    }

    /** The step that a try was about. */
    static Step step(Request request, Try each) {
        return Step.of(each.step(), request.subscriptionId())
                .orElseThrow(() -> new IllegalStateException("The ledger names the unknown step " + each.step()));
    }

    /** Whether the effect of a try is known to be there: a read showed it, or its reply does. */
    boolean isDone(Request request, Try each) {
        return each.finding() == Finding.DONE
                || each.reply() != null
                        && each.reply().kind() == ReplyKind.DONE
                        && calls.endsWithTheReply(step(request, each));
    }

    /**
     * The newest try of which it still has to be found out or written down what became of it. It need not be the newest
     * of all: the reply to an earlier one may have come late, from a process that was thought dead.
     */
    Optional<Try> open(Request request, Procedure procedure, List<Try> tries) {
        return tries.stream()
                .filter(each -> each.inDoubt()
                        || each.wasAccepted() && (!isDone(request, each) || procedure.endsWith(step(request, each))))
                .reduce((_, later) -> later);
    }

    /** What the rules have to know of it. */
    StepsDone done(Request request, List<Try> tries) {
        List<Try> done = tries.stream().filter(each -> isDone(request, each)).toList();
        return new StepsDone(
                done.stream().map(Try::step).collect(Collectors.toSet()),
                request.operation() == Operation.REACTIVATE_SUBSCRIPTION ? autoRenewBefore(request) : null,
                done.stream()
                        .filter(each -> each.step().equals(Change.AUTO_RENEW_OFF.word()))
                        .findFirst()
                        .flatMap(each -> read(each.beforeImage()))
                        .map(Subscription::termEnd)
                        .orElse(null));
    }

    private @Nullable Boolean autoRenewBefore(Request request) {
        SubscriptionId target = request.subscriptionId();
        return target == null
                ? null
                : attempts.beforeLastSuspend(request.customerId(), target)
                        .flatMap(TakenSteps::read)
                        .map(Subscription::autoRenew)
                        .orElse(null);
    }

    private static Optional<Subscription> read(@Nullable String image) {
        return image == null
                ? Optional.empty()
                : SubscriptionResource.of(image).map(SubscriptionResource::subscription);
    }

    /**
     * Facts in which the cancellation window is closed when Partner Center said so in this term: it knows better than the
     * resource.
     */
    Facts asDeclined(Request request, List<Try> tries, Facts facts) {
        if (!(facts instanceof Facts.OfSubscription of)
                || !of.subscription().status().is(Known.ACTIVE)) {
            return facts;
        }
        boolean closed = tries.stream()
                .filter(each -> each.reply() != null
                        && each.reply().kind() == ReplyKind.DECLINED
                        && Meaning.WINDOW_CLOSED.name().equals(each.reply().detail()))
                .anyMatch(each -> read(each.beforeImage())
                        .filter(before -> Objects.equals(
                                before.termEnd(), of.subscription().termEnd()))
                        .isPresent());
        return closed
                ? new Facts.OfSubscription(
                        of.readAt(), of.subscription().withWindowClosed(), of.azure(), of.order(), of.complete())
                : facts;
    }

    /** What the request has changed by now. */
    Effect effect(Request request, Procedure procedure, List<Try> tries) {
        List<Step> done = tries.stream()
                .filter(each -> isDone(request, each))
                .map(each -> step(request, each))
                .toList();
        if (done.isEmpty()) {
            return Effect.NONE;
        }
        if (done.stream().anyMatch(procedure::achieves)) {
            return procedure.effect();
        }
        return done.stream().allMatch(TakenSteps::turnsOff) ? Effect.AUTO_RENEW_OFF : Effect.PARTIAL;
    }

    private static boolean turnsOff(Step step) {
        return step instanceof Step.ChangeSubscription(var _, Change change, boolean own)
                && own
                && change == Change.AUTO_RENEW_OFF;
    }
}
