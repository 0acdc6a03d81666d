package dev.offramp.offboarding;

/**
 * Whether a subscription may be suspended now.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/suspend-a-subscription">Suspend a subscription</a>
 */
final class SuspendRules {

    private static final String NEW_COMMERCE =
            "Its users lose access, it stays billed, its auto-renewal and scheduled changes are lost, and unless it is reactivated before its term ends its data are deleted.";
    private static final String LEGACY =
            "Its users lose access; while suspended it is not billed, and after 90 days it is deleted.";

    private SuspendRules() {}

    static Verdict judge(Case it) {
        return switch (it.read().status().known()) {
            case UNKNOWN -> it.unknownStatus();
            case SUSPENDED -> new Verdict.AlreadyDone("The subscription is suspended already.");
            case EXPIRED, DISABLED, DELETED -> it.tooLate("suspended");
            case PENDING -> judgeKind(it, true);
            case ACTIVE -> judgeKind(it, false);
        };
    }

    private static Verdict judgeKind(Case it, boolean pending) {
        return switch (it.kind()) {
            case UNKNOWN -> it.unknownKind();
            case TRIAL -> it.trial();
            case LEGACY_ADD_ON, SOFTWARE, PERPETUAL_SOFTWARE, SAVINGS_PLAN, RESERVATION ->
                it.wrongKind("suspended", KindWords.suspendInstead(it.kind()));
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS -> pending ? it.pending() : newCommerce(it);
            case AZURE_PLAN -> pending ? it.pending() : AzurePlanRules.suspend(it);
            case LEGACY_LICENCE, LEGACY_AZURE ->
                pending
                        ? it.pending()
                        : it.go("The subscription is %s. %s".formatted(it.status(), LEGACY), it.change(Change.SUSPEND));
        };
    }

    private static Verdict newCommerce(Case it) {
        return Term.isBeingRenewed(it.read(), it.now())
                ? it.renewalRunning()
                : it.go("The subscription is %s. %s".formatted(it.status(), NEW_COMMERCE), it.change(Change.SUSPEND));
    }
}
