package dev.offramp.safety;

import dev.offramp.offboarding.CustomerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The rule of four eyes: one person alone lets only so many customers go on in a window, in however many pieces, and whoever
 * it is: an installation cannot tell how many of its log-ins one person has. What is more takes two known persons.
 *
 * @param above more customers than this take two
 * @param window for how long what was released alone counts
 * @param expires how long a decision waits for the second person
 * @param persons the local users of whom whoever configures says that each is a person of its own
 */
public record FourEyes(int above, Duration window, Duration expires, Set<String> persons) {

    public FourEyes {
        persons = Set.copyOf(persons);
    }

    /** What may become of a decision. */
    public sealed interface Judgement {

        /** One person is enough. */
        record Alone() implements Judgement {}

        /** A second person must confirm it. */
        record Together(Person.Known first, int customers) implements Judgement {}

        /** Nothing: it takes two, and who asks is not known well enough to be one of them. */
        record Refused(String sentence) implements Judgement {}
    }

    /**
     * Judges a decision that lets these customers go on.
     *
     * @param alone the customers whom anybody alone let go on in the window
     */
    public Judgement judge(Person who, Set<CustomerId> alone, Collection<CustomerId> these) {
        Set<CustomerId> all = new HashSet<>(alone);
        boolean isMore = all.addAll(these);
        if (!isMore || all.size() <= above) {
            return new Judgement.Alone();
        }
        int customers = new HashSet<>(these).size();
        return switch (who) {
            case Person.Known known -> new Judgement.Together(known, customers);
            case Person.Unknown(String why) ->
                new Judgement.Refused(
                        "These are %s, and %d were let go on by one person alone in the last %s: more than %d take two persons. %s"
                                .formatted(customers(customers), alone.size(), Words.duration(window), above, why));
        };
    }

    static String customers(int count) {
        return count == 1 ? "1 customer" : count + " customers";
    }

    /** Why this person cannot be the second; empty when it can. */
    public Optional<String> refusal(Person.Known first, Person second) {
        return switch (second) {
            case Person.Unknown(String why) -> Optional.of(why);
            case Person.Known known
            when !known.isAnotherThan(first) ->
                Optional.of(
                        known.kind() == first.kind()
                                ? "%s asked for it; a second person must confirm it.".formatted(first.name())
                                : "%s asked for it with the log-in of a %s; one person may have log-ins of both kinds, so that the second person must use a %s as well."
                                        .formatted(
                                                first.name(),
                                                first.kind().word(),
                                                first.kind().word()));
            case Person.Known _ -> Optional.empty();
        };
    }

    /** Since when what was released alone counts. */
    public Instant countedSince(Instant now) {
        return now.minus(window);
    }
}
