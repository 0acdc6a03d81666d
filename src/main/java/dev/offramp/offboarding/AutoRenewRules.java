package dev.offramp.offboarding;

import dev.offramp.offboarding.Subscription.Kind;

/**
 * Whether the auto-renewal of a subscription may be turned off now.
 *
 * @see <a href="https://learn.microsoft.com/partner-center/developer/update-autorenew-for-an-azure-marketplace-subscription">Update
 *     autorenew</a>
 */
final class AutoRenewRules {

    private AutoRenewRules() {}

    static Verdict judge(Case it) {
        return switch (it.read().status().known()) {
            case UNKNOWN -> it.unknownStatus();
            case EXPIRED, DISABLED, DELETED ->
                new Verdict.AlreadyDone(
                        "The subscription is %s: it is over and does not renew any more.".formatted(it.status()));
            case PENDING -> judgeKind(it, true);
            case ACTIVE, SUSPENDED -> judgeKind(it, false);
        };
    }

    private static Verdict judgeKind(Case it, boolean pending) {
        return switch (it.kind()) {
            case UNKNOWN -> it.unknownKind();
            case LEGACY_ADD_ON, LEGACY_AZURE, PERPETUAL_SOFTWARE, SAVINGS_PLAN, AZURE_PLAN, RESERVATION ->
                it.wrongKind("kept from renewing", KindWords.turnOffInstead(it.kind()));
            case NEW_COMMERCE_LICENCE, MARKETPLACE_SAAS, SOFTWARE, LEGACY_LICENCE, TRIAL ->
                pending ? it.pending() : judgeRenewal(it);
        };
    }

    private static Verdict judgeRenewal(Case it) {
        Boolean renews = it.read().autoRenew();
        if (renews == null) {
            return unsaid();
        }
        if (!renews) {
            return new Verdict.AlreadyDone(
                    "The subscription does not renew; its auto-renewal is off%s.".formatted(endOf(it)));
        }
        // The renewal of new commerce makes everything but cancelling read-only; legacy knows no such time.
        if (it.kind() != Kind.LEGACY_LICENCE && Term.isBeingRenewed(it.read(), it.now())) {
            return it.renewalRunning();
        }
        return it.go(
                "The subscription is %s and renews; its auto-renewal is turned off%s."
                        .formatted(it.status(), endOf(it)),
                it.change(Change.AUTO_RENEW_OFF));
    }

    private static String endOf(Case it) {
        return Term.of(it.read().termEnd(), it.now()) == Term.AHEAD
                ? ", and it ends on " + it.read().termEnd()
                : "";
    }

    static Verdict unsaid() {
        return Blocks.unknownState("The subscription does not say whether it renews.");
    }
}
