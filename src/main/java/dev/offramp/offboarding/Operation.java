package dev.offramp.offboarding;

import java.util.Optional;
import java.util.stream.Stream;

/** What can be asked. */
public enum Operation {
    CANCEL_SUBSCRIPTION("cancel-subscription", true),
    SUSPEND_SUBSCRIPTION("suspend-subscription", true),
    REACTIVATE_SUBSCRIPTION("reactivate-subscription", true),
    TURN_OFF_AUTO_RENEW("turn-off-auto-renew", true),
    REMOVE_RESELLER_RELATIONSHIP("remove-reseller-relationship", true),
    WITHDRAW("withdraw", false);

    private final String word;
    private final boolean destructive;

    Operation(String word, boolean destructive) {
        this.word = word;
        this.destructive = destructive;
    }

    /** The word used in messages, configuration and tables. */
    public String word() {
        return word;
    }

    /** Whether carrying it out needs a call that changes something at Partner Center. */
    public boolean destructive() {
        return destructive;
    }

    public static Optional<Operation> of(String word) {
        return Stream.of(values()).filter(each -> each.word.equals(word)).findFirst();
    }

    /** @throws IllegalArgumentException when there is no such operation */
    public static Operation named(String word) {
        return of(word).orElseThrow(() -> new IllegalArgumentException("There is no operation '" + word + "'"));
    }
}
