package dev.offramp.simulator;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** What a request asks of the simulated Partner Center, in the words that faults and call lists use. */
public enum Operation {
    TOKEN("token", "token"),
    LIST_CUSTOMERS("list-customers", "customer"),
    READ_CUSTOMER("read-customer", "customer"),
    LIST_SUBSCRIPTIONS("list-subscriptions", "subscription"),
    READ_SUBSCRIPTION("read-subscription", "subscription"),
    LIST_ENTITLEMENTS("list-entitlements", "entitlement"),
    CANCEL("cancel", "subscription"),
    SUSPEND("suspend", "subscription"),
    REACTIVATE("reactivate", "subscription"),
    TURN_OFF_AUTO_RENEW("turn-off-auto-renew", "subscription"),
    UPDATE_SUBSCRIPTION("update-subscription", "subscription"),
    UNLINK("unlink", "customer"),
    UPDATE_CUSTOMER("update-customer", "customer");

    private final String word;
    private final String resource;

    Operation(String word, String resource) {
        this.word = word;
        this.resource = resource;
    }

    /** The name in scenario files, faults and lists. */
    @JsonValue
    public String word() {
        return word;
    }

    /** The resource whose rate limit the call spends: customer, subscription or entitlement (or token). */
    public String resource() {
        return resource;
    }

    /** Whether the call only reads. */
    public boolean reads() {
        return word.startsWith("read-") || word.startsWith("list-");
    }

    /** Whether nothing can sensibly be asked of the target once this took effect. */
    boolean finishes() {
        return this == CANCEL || this == UNLINK;
    }

    boolean answersTo(String name) {
        return word.equals(name) || (name.equals("read") && reads());
    }

    static Optional<Operation> named(String word) {
        return Arrays.stream(values())
                .filter(operation -> operation.word.equals(word))
                .findFirst();
    }
}
