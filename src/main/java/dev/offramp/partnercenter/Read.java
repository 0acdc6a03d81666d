package dev.offramp.partnercenter;

import java.time.Duration;

/** What a read brought. */
public sealed interface Read<T> {

    /** The resource. */
    record Found<T>(T value) implements Read<T> {}

    /** No such customer (404), no such subscription (404/20003) or no such order (404/20000). */
    record Missing<T>(What what, Answer answer) implements Read<T> {
        /** Which part of the address does not exist. */
        public enum What {
            CUSTOMER,
            SUBSCRIPTION,
            ORDER
        }
    }

    /** There is no relationship between us and the customer (403/20002, 400/3000). */
    record NotOurCustomer<T>(Answer answer) implements Read<T> {}

    /** Slow down; nothing was read. */
    record Throttled<T>(Duration retryAfter, Answer answer) implements Read<T> {}

    /** Our sign-in or role is not enough. */
    record Denied<T>(Denial denial, Answer answer) implements Read<T> {}

    /** An answer that we cannot understand, or a refusal without a rule; never taken for a fact. */
    record Unreadable<T>(String what, Answer answer) implements Read<T> {}

    /** No answer or a server error, also after the repeats that reads are allowed. */
    record Unavailable<T>(String cause, Answer answer) implements Read<T> {}
}
