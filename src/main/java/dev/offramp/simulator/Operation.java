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
    LIST_ADD_ONS("list-add-ons", "subscription"),
    READ_PROVISIONING_STATUS("read-provisioning-status", "subscription"),
    LIST_AZURE_SUBSCRIPTIONS("list-azure-subscriptions", "subscription"),
    READ_AZURE_SUBSCRIPTION("read-azure-subscription", "subscription"),
    LIST_ENTITLEMENTS("list-entitlements", "entitlement"),
    READ_RESERVATION("read-reservation", "entitlement"),
    LIST_ORDERS("list-orders", "order"),
    READ_ORDER("read-order", "order"),
    READ_ORDER_PROVISIONING_STATUS("read-order-provisioning-status", "order"),
    LIST_AUDIT_RECORDS("list-audit-records", "audit"),
    CANCEL("cancel", "subscription"),
    SUSPEND("suspend", "subscription"),
    REACTIVATE("reactivate", "subscription"),
    TURN_OFF_AUTO_RENEW("turn-off-auto-renew", "subscription"),
    TURN_ON_AUTO_RENEW("turn-on-auto-renew", "subscription"),
    UPDATE_SUBSCRIPTION("update-subscription", "subscription"),
    UNLINK("unlink", "customer"),
    UPDATE_CUSTOMER("update-customer", "customer"),
    DELETE_CUSTOMER("delete-customer", "customer"),
    CANCEL_ORDER("cancel-order", "order"),
    UPDATE_ORDER("update-order", "order"),
    CANCEL_AZURE("cancel-azure", "subscription");

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

    /** The resource whose rate limit the call spends: customer, subscription, entitlement, order or audit (or token). */
    public String resource() {
        return resource;
    }

    /** Whether the call only reads. */
    public boolean reads() {
        return word.startsWith("read-") || word.startsWith("list-");
    }

    /** Whether nothing can sensibly be asked of the target once this took effect. */
    boolean finishes() {
        return switch (this) {
            case CANCEL, UNLINK, CANCEL_ORDER, CANCEL_AZURE, DELETE_CUSTOMER -> true;
            default -> false;
        };
    }

    /** Whether only a person may ask it: an application alone is refused. */
    boolean isForUsers() {
        return switch (this) {
            case UNLINK,
                    UPDATE_CUSTOMER,
                    LIST_ENTITLEMENTS,
                    READ_RESERVATION,
                    READ_PROVISIONING_STATUS,
                    READ_ORDER_PROVISIONING_STATUS -> true;
            default -> false;
        };
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
