package dev.offramp.partnercenter.pace;

/** Resources that Partner Center limits separately, 500 requests a minute each (docs of the resources). */
public enum ResourceClass {
    CUSTOMER,
    SUBSCRIPTION,
    ENTITLEMENT,
    ORDER,
    /** Not among those whose limit is documented; taken for the same. */
    AUDIT
}
