package dev.offramp.retention;

import dev.offramp.retention.TopicRecords.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a request that came from the topic cannot come again: when neither the topic has its record nor would one that was
 * kept elsewhere for as long be young enough.
 */
final class Comeback {

    private final TopicRecords topic;
    private final RetentionProperties properties;
    private final Duration maxAge;
    private final RetentionJournal journal;
    private boolean saidThatItMayNotAsk;

    Comeback(TopicRecords topic, RetentionProperties properties, Duration maxAge, RetentionJournal journal) {
        this.topic = topic;
        this.properties = properties;
        this.maxAge = maxAge;
        this.journal = journal;
    }

    /** Asks the broker, and tells when the configuration says less than it. */
    synchronized Kept ask() {
        var kept = topic.kept();
        switch (kept) {
            case Kept.AtMost(var duration)
            when !isShorterThanStubs(duration) -> journal.topicKeepsLonger(duration, properties, maxAge);
            case Kept.ForEver(var because) -> journal.topicKeepsForEver(because);
            case Kept.NotAllowed(var words)
            when !saidThatItMayNotAsk -> {
                saidThatItMayNotAsk = true;
                journal.mayNotAskForTheTopic(words, properties.topicRetention());
            }
            case Kept.Silent(var words) -> journal.topicIsSilent(words);
            case Kept.AtMost _, Kept.NoTopic _, Kept.NotAllowed _ -> {
                // As configured.
            }
        }
        return kept;
    }

    /** Before when it must have ended for its stub to be deleted; empty when no stub may be. */
    Optional<Instant> endedBefore(Instant now, Kept kept) {
        var usual = now.minus(properties.stubs());
        return switch (kept) {
            case Kept.AtMost(var duration)
            when !isShorterThanStubs(duration) ->
                Optional.of(now.minus(duration).minus(maxAge));
            case Kept.AtMost _, Kept.NoTopic _, Kept.NotAllowed _ -> Optional.of(usual);
            case Kept.ForEver _, Kept.Silent _ -> Optional.empty();
        };
    }

    private boolean isShorterThanStubs(Duration kept) {
        return properties.stubs().compareTo(kept.plus(maxAge)) > 0;
    }
}
