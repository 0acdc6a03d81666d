package dev.offramp.offboarding;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The first customers of a group, a run or a window go; the rest of it waits until they are confirmed healthy.
 *
 * @param of what the rest is, as people call it, e.g. {@code run 17}
 * @param customers how many go first
 * @param settle how long they must have been well before the rest goes on
 */
public record Canary(String of, int customers, Duration settle) {

    /** Ends that say nothing about the list: nothing was done, for a reason that a right list has, too. */
    private static final Set<Reason> USUAL_ENDS = EnumSet.of(
            Reason.ALREADY_DONE,
            Reason.BY_SOURCE,
            Reason.BY_OPERATOR,
            Reason.SUPERSEDED,
            Reason.PLAN_ONLY,
            Reason.OBSERVE_MODE,
            Reason.EXPIRED,
            Reason.TOO_LATE,
            Reason.WINDOW_CLOSED,
            Reason.TRIAL,
            Reason.NOT_ACTIVATED,
            Reason.ACTIVE_SUBSCRIPTIONS,
            Reason.SUSPENDED_NEW_COMMERCE,
            Reason.RESERVATIONS,
            Reason.SAVINGS_PLANS,
            Reason.SOFTWARE,
            Reason.AZURE_SUBSCRIPTIONS_ACTIVE,
            Reason.CUSTOMER_LOCKED,
            Reason.ALREADY_OFFBOARDING,
            Reason.FACTS_CHANGED,
            Reason.RENEWED);

    /** Waits of which nobody knows how long they take: another customer goes first instead. */
    private static final Set<Reason> LONG_WAITS = EnumSet.of(
            Reason.NOT_BEFORE,
            Reason.WAITING_FOR_WINDOW,
            Reason.WAITING_FOR_BLOCKER,
            Reason.WAITING_FOR_EARLIER_REQUEST,
            Reason.ENDS_AT_TERM);

    private static final Set<Reason> SICK_HOLDS =
            EnumSet.of(Reason.EXPECTATION_MISMATCH, Reason.EXPECTATION_UNREADABLE, Reason.CONFIRMATION_NEEDED);

    private static final Set<Reason> SICK_STALLS =
            EnumSet.of(Reason.IN_DOUBT, Reason.RETRIES_EXHAUSTED, Reason.INTERNAL_ERROR, Reason.PERMISSION_MISSING);

    /** What one of the first shows. */
    public enum Health {
        /** It says nothing about the list; another goes first instead. */
        NOTHING_SHOWN,
        HEALTHY,
        UNDER_WAY,
        SICK
    }

    /**
     * How a request of one of the first customers stands.
     *
     * @param request its source and id
     * @param working whether it is being worked on, whatever it waited for until now
     * @param attempted whether a call of it may have left
     * @param confirmed whether its end rests on a read or on the body of the answer
     * @param since since when
     */
    public record Standing(
            CustomerId customer,
            String request,
            Reason reason,
            Effect effect,
            boolean working,
            boolean attempted,
            boolean confirmed,
            Instant since) {

        /** What it shows by itself. */
        public Health health() {
            return switch (reason.status()) {
                case ACCEPTED -> Health.UNDER_WAY;
                case DEFERRED -> deferred();
                case HELD -> SICK_HOLDS.contains(reason) ? Health.SICK : Health.UNDER_WAY;
                case STALLED -> SICK_STALLS.contains(reason) ? Health.SICK : Health.UNDER_WAY;
                case SUCCEEDED ->
                    reason == Reason.ALREADY_DONE && !attempted
                            ? Health.NOTHING_SHOWN
                            : confirmed ? Health.HEALTHY : Health.SICK;
                case REJECTED, WITHDRAWN, PLANNED ->
                    USUAL_ENDS.contains(reason) && effect == Effect.NONE && !attempted
                            ? Health.NOTHING_SHOWN
                            : Health.SICK;
                case FAILED -> Health.SICK;
            };
        }

        private Health deferred() {
            if (reason == Reason.ENDS_AT_TERM && effect != Effect.NONE) {
                return Health.HEALTHY;
            }
            return LONG_WAITS.contains(reason) && !working && !attempted ? Health.NOTHING_SHOWN : Health.UNDER_WAY;
        }
    }

    /** What is to be done with the rest. */
    public sealed interface Ruling {

        /** All of the first are well: the rest goes on. */
        record Go() implements Ruling {}

        /** So many more customers go first. */
        record Room(int customers) implements Ruling {}

        /** It is not known yet how the first are. */
        record Wait(String sentence) implements Ruling {}

        /** One of the first is not well: a person decides. */
        record Stopped(String sentence) implements Ruling {}
    }

    /** The decision; with the same requests it is the same at any node. */
    public Ruling rule(Collection<Standing> first, Instant now) {
        Optional<Standing> sick = first.stream()
                .filter(each -> each.health() == Health.SICK)
                .min(Comparator.comparing(Standing::since).thenComparing(Standing::request));
        if (sick.isPresent()) {
            return new Ruling.Stopped(stopped(sick.get()));
        }
        List<CustomerId> counted = counted(first);
        if (counted.size() < customers) {
            return new Ruling.Room(customers - counted.size());
        }
        boolean allWell = first.stream()
                .filter(each -> counted.contains(each.customer()))
                .noneMatch(each -> each.health() == Health.UNDER_WAY);
        Optional<Instant> newest = first.stream()
                .filter(each -> each.health() == Health.HEALTHY)
                .map(Standing::since)
                .max(Comparator.naturalOrder());
        return allWell
                        && newest.filter(each -> !now.isBefore(each.plus(settle)))
                                .isPresent()
                ? new Ruling.Go()
                : new Ruling.Wait(waiting());
    }

    /** The customers of which something is or will be shown. */
    public static List<CustomerId> counted(Collection<Standing> first) {
        return first.stream()
                .filter(each -> each.health() != Health.NOTHING_SHOWN)
                .map(Standing::customer)
                .distinct()
                .toList();
    }

    /** The same for all that wait, as long as they wait. */
    private String waiting() {
        return "The first %d customers of %s go first; the rest waits until they are confirmed and nothing was wrong for %s."
                .formatted(customers, of, inWords(settle));
    }

    private String stopped(Standing sick) {
        return "The first %d customers of %s went first, and one of them is not well: request %s of customer %s is %s: %s."
                .formatted(
                        customers,
                        of,
                        sick.request(),
                        sick.customer(),
                        sick.reason().status().word(),
                        sick.reason().word());
    }

    private static String inWords(Duration time) {
        return time.toSecondsPart() == 0 && !time.isZero() ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
}
