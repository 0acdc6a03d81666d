package dev.offramp.batch;

import dev.offramp.offboarding.Facts;
import dev.offramp.partnercenter.Answer;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.SubscriptionResource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What reading the target brought. */
sealed interface Reading {

    /** Facts, and for a cancel the resource that is sent back whole. */
    record Known(Facts facts, @Nullable SubscriptionResource resource) implements Reading {}

    record Throttled(Duration retryAfter, Answer answer) implements Reading {}

    record Denied(Denial denial, Answer answer) implements Reading {}

    record Unavailable(String cause, Answer answer) implements Reading {}
}
