package dev.offramp.offboarding;

/**
 * Whether a suspended subscription may be reactivated now, and its auto-renewal with it.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/reactivate-a-suspended-a-subscription">Reactivate a
 *     suspended subscription</a>
 */
final class ReactivateRules {

    private ReactivateRules() {}

    static Verdict judge(Case it) {
        return switch (it.read().status().known()) {
            case UNKNOWN -> it.unknownStatus();
            case ACTIVE -> restoresAutoRenew(it) ? turnOn(it) : new Verdict.AlreadyDone("The subscription is active.");
            case EXPIRED, DISABLED, DELETED -> it.tooLate("reactivated");
            case PENDING -> judgeKind(it, true);
            case SUSPENDED -> judgeKind(it, false);
        };
    }

    private static Verdict judgeKind(Case it, boolean pending) {
        return switch (it.kind()) {
            case UNKNOWN -> it.unknownKind();
            case TRIAL -> it.trial();
            case LEGACY_ADD_ON, SOFTWARE, PERPETUAL_SOFTWARE, SAVINGS_PLAN, RESERVATION ->
                it.wrongKind("reactivated", KindWords.reactivateInstead(it.kind()));
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS, AZURE_PLAN, LEGACY_LICENCE, LEGACY_AZURE ->
                pending
                        ? it.pending()
                        : it.go(
                                "The subscription is %s; its users get access again.".formatted(it.status()),
                                it.change(Change.REACTIVATE));
        };
    }

    /** Suspending new commerce turns its auto-renewal off; what we took away we give back, and no more. */
    private static boolean restoresAutoRenew(Case it) {
        boolean losesIt = switch (it.kind()) {
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS -> true;
            case LEGACY_LICENCE,
                    LEGACY_ADD_ON,
                    LEGACY_AZURE,
                    SOFTWARE,
                    PERPETUAL_SOFTWARE,
                    SAVINGS_PLAN,
                    AZURE_PLAN,
                    TRIAL,
                    RESERVATION,
                    UNKNOWN -> false;
        };
        return losesIt
                && it.done().includes(it.change(Change.REACTIVATE))
                && !it.done().includes(it.change(Change.AUTO_RENEW_ON))
                && Boolean.TRUE.equals(it.done().autoRenewBefore())
                && Boolean.FALSE.equals(it.read().autoRenew());
    }

    private static Verdict turnOn(Case it) {
        return it.go(
                "The subscription is active again; its auto-renewal, which suspending it turned off, is turned on again.",
                it.change(Change.AUTO_RENEW_ON));
    }
}
