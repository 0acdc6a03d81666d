package dev.offramp.safety;

import java.time.Instant;
import org.springframework.context.ApplicationContext;

/** What the guards' loop does now and then, done at once. */
public final class GuardRounds {

    private GuardRounds() {}

    /** How many requests it concerned. */
    public static int reviewCanaries(ApplicationContext context, Instant now) {
        return context.getBean(Canaries.class).review(now, () -> false);
    }
}
