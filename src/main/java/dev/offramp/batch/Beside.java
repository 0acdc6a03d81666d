package dev.offramp.batch;

import dev.offramp.ledger.Attempts.Try;
import dev.offramp.offboarding.Step;
import dev.offramp.partnercenter.pace.ResourceClass;
import java.util.List;
import java.util.Optional;

/**
 * What is read beside a subscription, by its kind. The kind is known only once it was read: then everything is reserved
 * together and read anew.
 */
enum Beside {
    NOTHING,
    AZURE_SUBSCRIPTIONS,
    ORDER;

    /** As far as the steps that were taken tell it. */
    static Beside of(List<Try> tries) {
        if (tries.stream().anyMatch(each -> is(each, Step.CANCEL_AZURE))) {
            return AZURE_SUBSCRIPTIONS;
        }
        return tries.stream().anyMatch(each -> is(each, Step.CANCEL_ORDER)) ? ORDER : NOTHING;
    }

    private static boolean is(Try each, String step) {
        return each.step().startsWith(step + Step.SEPARATOR);
    }

    Optional<ResourceClass> reads() {
        return switch (this) {
            case NOTHING -> Optional.empty();
            case AZURE_SUBSCRIPTIONS -> Optional.of(ResourceClass.SUBSCRIPTION);
            case ORDER -> Optional.of(ResourceClass.ORDER);
        };
    }

    ResourceClass writes() {
        return this == ORDER ? ResourceClass.ORDER : ResourceClass.SUBSCRIPTION;
    }
}
