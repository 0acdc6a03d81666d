package dev.offramp.partnercenter.pace;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How fast Partner Center is called.
 *
 * @param perMinute calls in any minute for each resource (customer, subscription, entitlement); documented is 500
 * @param burst how many of those may start at once; part of the allowance, not on top of it
 * @param perCustomerPerMinute calls in any minute for one customer
 * @param customerBurst how many of those may start at once
 * @param maxWait a request whose turn is further away than this is put off instead of waited for
 */
@ConfigurationProperties("offramp.pace")
public record PaceProperties(
        @DefaultValue("500") int perMinute,
        @DefaultValue("20") int burst,
        @DefaultValue("120") int perCustomerPerMinute,
        @DefaultValue("10") int customerBurst,
        @DefaultValue("30s") Duration maxWait) {

    public PaceProperties {
        atLeast(2, perMinute, "per-minute");
        atLeast(1, burst, "burst");
        atLeast(2, perCustomerPerMinute, "per-customer-per-minute");
        atLeast(1, customerBurst, "customer-burst");
        if (maxWait.isNegative() || maxWait.isZero()) {
            throw new IllegalArgumentException(
                    "offramp.pace.max-wait is %s; write a duration above zero, e.g. 30s.".formatted(maxWait));
        }
    }

    private static void atLeast(int least, int value, String key) {
        if (value < least) {
            throw new IllegalArgumentException("offramp.pace.%s is %d; write %d or more.".formatted(key, value, least));
        }
    }

    Allowance resource() {
        return new Allowance(perMinute, burst);
    }

    Allowance customer() {
        return new Allowance(perCustomerPerMinute, customerBurst);
    }
}
