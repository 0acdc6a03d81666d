package dev.offramp.architecture.counterexamples.partnercenter;

/** A destructive call that anybody can make. */
public interface PartnerCenter {

    /** Asks for no permit. */
    Call changeSubscription(String subscription);
}
