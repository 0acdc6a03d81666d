package dev.offramp.offboarding;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What stands under an Azure plan comes first: neither cancelling nor suspending it is possible while an Azure
 * subscription under it is active.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/customers/azure-plan-manage">Manage Azure plans</a>
 */
final class AzurePlanRules {

    private AzurePlanRules() {}

    static Verdict cancel(Case it) {
        return switch (CancellationWindow.of(it.read(), it.now())) {
            case CancellationWindow.Closed closed -> EndOfTermRules.windowClosed(it, closed);
            case CancellationWindow.Open open ->
                notUnderstood(it)
                        .orElseGet(() -> active(it).isEmpty()
                                ? it.go(
                                        "No Azure subscription under the plan is active. %s.".formatted(open.why()),
                                        it.change(Change.CANCEL))
                                : cancelWhatIsUnderIt(it));
        };
    }

    static Verdict suspend(Case it) {
        Supplier<Verdict> understood = () -> active(it).isEmpty()
                ? it.go("No Azure subscription under the plan is active.", it.change(Change.SUSPEND))
                : stillActive(
                        it,
                        "The Azure plan cannot be suspended: %d of the Azure subscriptions under it %s active.",
                        "Cancel what is named here in the Azure portal, then send a new request.");
        return notUnderstood(it).orElseGet(understood);
    }

    private static Verdict cancelWhatIsUnderIt(Case it) {
        return switch (it.terms().onActiveAzureSubscriptions()) {
            case FAIL ->
                stillActive(
                        it,
                        "The Azure plan cannot be cancelled: %d of the Azure subscriptions under it %s active.",
                        "Cancel what is named here, or ask with onActiveAzureSubscriptions: cancel.");
            case CANCEL -> cancelNext(it);
        };
    }

    private static Verdict cancelNext(Case it) {
        return active(it).stream()
                .filter(each -> !it.done().includes(step(it, each)))
                .findFirst()
                .<Verdict>map(next -> new Verdict.Go(
                        "The Azure subscription %s (%s) under the plan is active, and the request says that it is to be cancelled first."
                                .formatted(next.name(), next.entitlement()),
                        step(it, next)))
                .orElseGet(() -> new Verdict.WaitUntil(
                        Reason.WAITING_FOR_BLOCKER,
                        it.now().plus(Case.IN_PROGRESS),
                        "All Azure subscriptions under the plan were cancelled; Partner Center still shows %d of them as active."
                                .formatted(active(it).size())));
    }

    private static Step step(Case it, AzureSubscription under) {
        return new Step.CancelAzureSubscription(it.asked(), under.entitlement());
    }

    private static List<AzureSubscription> active(Case it) {
        return it.facts().azure().stream().filter(each -> !each.isInactive()).toList();
    }

    /** Everything must be understood before anything is cancelled. */
    private static Optional<Verdict> notUnderstood(Case it) {
        if (!it.facts().complete()) {
            return Optional.of(Blocks.unknownState(
                    "The list of the Azure subscriptions under the plan is not known to be whole."));
        }
        List<AzureSubscription> strange =
                it.facts().azure().stream().filter(each -> !isUnderstood(each)).toList();
        if (strange.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Case.blocked(
                Reason.UNKNOWN_STATE,
                "Not every Azure subscription under the plan is understood (%d). Nothing is changed on such ground."
                        .formatted(strange.size()),
                "Look at what is named here in Partner Center; when it is understood, send a new request.",
                blockers(strange, "Look at it in Partner Center.")));
    }

    private static boolean isUnderstood(AzureSubscription under) {
        return switch (under.status().toLowerCase(Locale.ROOT)) {
            case "inactive" -> true;
            case "active" -> !under.entitlement().isBlank();
            default -> false;
        };
    }

    private static Verdict stillActive(Case it, String message, String advice) {
        List<AzureSubscription> active = active(it);
        return Case.blocked(
                Reason.AZURE_SUBSCRIPTIONS_ACTIVE,
                message.formatted(active.size(), active.size() == 1 ? "is" : "are"),
                advice,
                blockers(active, "Cancel it in the Azure portal, or with its Azure plan."));
    }

    private static List<Blocker> blockers(List<AzureSubscription> all, String whatToDo) {
        return all.stream()
                .map(each -> new Blocker(
                        "azure-subscription",
                        each.entitlement(),
                        "%s (%s)".formatted(each.name(), each.status().isBlank() ? "no status" : each.status()),
                        null,
                        whatToDo))
                .toList();
    }
}
