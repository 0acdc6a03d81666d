package dev.offramp.retention;

import java.time.Duration;

/** How long the request topic may still hold a record, by the broker's own setting. */
interface TopicRecords {

    Kept kept();

    /** What the broker says. */
    sealed interface Kept {

        /** So long after it was written at most. */
        record AtMost(Duration duration) implements Kept {}

        /**
         * A record stays, or the newest of each key.
         *
         * @param because the setting that makes it so, e.g. retention.ms=-1
         */
        record ForEver(String because) implements Kept {}

        /** There is no such topic: nothing can be read again from it. */
        record NoTopic() implements Kept {}

        /** The broker does not let us ask: the configuration is believed. */
        record NotAllowed(String words) implements Kept {}

        /** The broker does not answer. */
        record Silent(String words) implements Kept {}
    }
}
