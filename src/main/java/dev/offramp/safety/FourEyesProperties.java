package dev.offramp.safety;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a decision takes two persons.
 *
 * @param above one person alone lets no more customers than this go on in the window; more take a second person, who
 *     confirms it
 * @param window for how long what was released by one person alone counts, whoever that was
 * @param expires how long a decision waits for the second person
 * @param persons local users that are each a person of its own: nobody but its holder sets the password of one of them, also
 *     no administrator. Bearers of an issuer's tokens always are
 */
@ConfigurationProperties("offramp.safety.four-eyes")
record FourEyesProperties(
        @DefaultValue("20") int above,
        @DefaultValue("24h") Duration window,
        @DefaultValue("24h") Duration expires,
        @DefaultValue List<String> persons) {

    FourEyesProperties {
        if (above < 0) {
            throw new IllegalArgumentException(
                    "offramp.safety.four-eyes.above is %d; write 0 (two persons always) or more.".formatted(above));
        }
        positive(window, "window");
        positive(expires, "expires");
    }

    FourEyes rule() {
        return new FourEyes(above, window, expires, Set.copyOf(persons));
    }

    private static void positive(Duration value, String key) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "offramp.safety.four-eyes.%s is %s; write a duration above zero, e.g. 24h.".formatted(key, value));
        }
    }
}
