package dev.offramp.architecture.counterexamples.offboarding;

import org.springframework.util.StringUtils;

/** A decision that needs Spring. */
public final class UsesSpring {

    boolean decide(String name) {
        return StringUtils.hasText(name);
    }
}
