package dev.offramp.request;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Lets records in while there is no reason to pause; each reason is its own, and none takes another's back. */
final class Valve {

    private final Runnable shut;
    private final Runnable open;
    private final Set<Why> reasons = EnumSet.noneOf(Why.class);

    /** Why intake pauses. */
    enum Why {
        /** Too many requests are open. */
        BACKLOG,
        /** The database is empty or older than what the consumer group has read. */
        OLDER_LEDGER,
        /** It is not known yet how old the database is. */
        UNKNOWN_AGE,
        /** A person wants it. */
        PERSON;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param shut pauses the container
     * @param open lets it go on
     */
    Valve(Runnable shut, Runnable open) {
        this.shut = shut;
        this.open = open;
    }

    synchronized boolean isShut(Why why) {
        return reasons.contains(why);
    }

    synchronized Set<Why> reasons() {
        return Set.copyOf(reasons);
    }

    synchronized void shut(Why why) {
        if (reasons.add(why) && reasons.size() == 1) {
            shut.run();
        }
    }

    synchronized void open(Why why) {
        if (reasons.remove(why) && reasons.isEmpty()) {
            open.run();
        }
    }
}
