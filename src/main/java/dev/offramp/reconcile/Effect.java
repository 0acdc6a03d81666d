package dev.offramp.reconcile;

import java.util.Locale;
import java.util.Optional;

/** What can be seen of a destructive call in Partner Center's audit records. */
public enum Effect {
    SUBSCRIPTION_UPDATED("update_subscription"),
    ORDER_UPDATED("update_order"),
    RELATIONSHIP_REMOVED("remove_partner_customer_relationship"),
    CUSTOMER_DELETED("delete_customer");

    private final String operationType;

    Effect(String operationType) {
        this.operationType = operationType;
    }

    /**
     * What an audit record is about, by its {@code operationType} in any case; empty for what Offramp never does, e.g.
     * {@code create_order}.
     *
     * @see <a href="https://learn.microsoft.com/partner-center/developer/auditing-resources">Auditing resources</a>
     */
    public static Optional<Effect> of(String operationType) {
        var word = operationType.toLowerCase(Locale.ROOT);
        for (Effect each : values()) {
            if (each.operationType.equals(word)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
