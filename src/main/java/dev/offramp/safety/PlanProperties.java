package dev.offramp.safety;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What holds for plans.
 *
 * @param expires for how long a plan is worth going by once it is made
 */
@ConfigurationProperties("offramp.safety.plan")
record PlanProperties(@DefaultValue("24h") Duration expires) {

    PlanProperties {
        if (expires.isNegative() || expires.isZero()) {
            throw new IllegalArgumentException(
                    "offramp.safety.plan.expires is %s; write a duration above zero, e.g. 24h.".formatted(expires));
        }
    }
}
