package dev.offramp.offboarding;

/** The GUID of the partner's own Microsoft tenant. */
public record PartnerTenantId(String value) {

    public PartnerTenantId {
        value = Guid.checked(value, "The partner tenant id");
    }

    /** @throws IllegalArgumentException with a sentence when the text is no GUID; upper case is lowered */
    public static PartnerTenantId of(String text) {
        return new PartnerTenantId(text);
    }

    @Override
    public String toString() {
        return value;
    }
}
