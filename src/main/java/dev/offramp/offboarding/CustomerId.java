package dev.offramp.offboarding;

/** A customer's id: the GUID of its Microsoft tenant. */
public record CustomerId(String value) {

    public CustomerId {
        value = Guid.checked(value, "The customer id");
    }

    /** @throws IllegalArgumentException with a sentence when the text is no GUID; upper case is lowered */
    public static CustomerId of(String text) {
        return new CustomerId(text);
    }

    @Override
    public String toString() {
        return value;
    }
}
