package dev.offramp.partnercenter;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.partnercenter.Read.Missing;
import dev.offramp.partnercenter.pace.ResourceClass;
import org.jspecify.annotations.Nullable;

/**
 * What is addressed, how it is limited and whose token it takes.
 *
 * @param customer null for what concerns no single one
 * @param aim what the address names last
 * @param path with its query
 * @param continuation asks for a page that is not the first
 */
record Target(
        ResourceClass resource,
        Denial signIn,
        @Nullable CustomerId customer,
        Missing.What aim,
        String path,
        @Nullable String continuation) {

    /** The same for another sign-in. */
    Target as(Denial otherSignIn) {
        return new Target(resource, otherSignIn, customer, aim, path, continuation);
    }

    static Target of(ResourceClass resource, Denial signIn, CustomerId customer, Missing.What aim, String path) {
        return new Target(resource, signIn, customer, aim, path, null);
    }
}
