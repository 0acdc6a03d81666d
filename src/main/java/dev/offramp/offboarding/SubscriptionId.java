package dev.offramp.offboarding;

/** A subscription's id at Partner Center. */
public record SubscriptionId(String value) {

    public SubscriptionId {
        value = Guid.checked(value, "The subscription id");
    }

    /** @throws IllegalArgumentException with a sentence when the text is no GUID; upper case is lowered */
    public static SubscriptionId of(String text) {
        return new SubscriptionId(text);
    }

    @Override
    public String toString() {
        return value;
    }
}
