package dev.offramp.offboarding;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that stands in the way, named so that a person can act on it.
 *
 * @param kind e.g. {@code subscription}, {@code reservation}
 * @param until when it goes away by itself, if that can be told
 */
public record Blocker(
        String kind, String id, String name, @Nullable Instant until, String whatToDo) {}
