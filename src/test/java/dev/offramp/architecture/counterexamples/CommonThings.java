package dev.offramp.architecture.counterexamples;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** A name that says nothing, and tests that do not test; the build runs none of them. */
public final class CommonThings {

    /** Manages. */
    public static final class RequestManager {}

    /** Is of use. */
    public static final class DateUtils {}

    /** Implements. */
    public static final class LedgerImpl {}

    /** Has a test, but not the name by which the build finds it. */
    public static final class NobodyRunsMe {

        @Test
        void isNeverRun() {}
    }

    /** Hopes that two seconds are enough. */
    public static final class SleepyTests {

        void waits() throws InterruptedException {
            Thread.sleep(2000);
        }
    }

    /** Was too much trouble. */
    public static final class SwitchedOffTests {

        @Disabled
        @Test
        void isSwitchedOff() {}
    }
}
