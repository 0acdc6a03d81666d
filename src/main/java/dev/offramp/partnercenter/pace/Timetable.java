package dev.offramp.partnercenter.pace;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Who may start when: for each limit the time up to which its calls are spread already (GCRA). A place of its own for
 * the clock: all durations count from the timetable's now.
 */
interface Timetable {

    /**
     * Takes places on all limits together, at the first time when every one of them has room and none is held. Callers
     * are taken to start then; one that starts later was counted too early.
     */
    Taken take(List<Wish> wishes);

    /**
     * Gives places back if nobody has taken any after them; a hole in the middle is no use to anybody.
     *
     * @return the limit's mark from now on, the old one when nothing could be given back
     */
    Object giveBack(Wish unused, Object mark);

    /** No place before {@code time} is over, on all nodes. */
    void hold(String limit, Duration time);

    /** What is left of the holds that are known to all nodes. */
    Map<String, Duration> holds();

    /** Forgets limits that nobody uses at present. */
    void tidy();

    /** Some calls on one limit. */
    record Wish(String limit, Allowance allowance, int calls) {

        long nanos() {
            return calls * allowance.interval();
        }
    }

    /**
     * Places.
     *
     * @param delay until all calls may start
     * @param marks for each limit, up to where it is taken now
     */
    record Taken(Duration delay, Map<String, Object> marks) {}
}
