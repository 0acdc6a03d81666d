package dev.offramp.partnercenter.pace;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The timetable of a single node. */
final class InMemoryTimetable implements Timetable {

    private final LongSupplier ticker;
    /** Readings of the ticker up to which a limit is taken; compared by difference. */
    private final Map<String, Long> free = new HashMap<>();

    private final Map<String, Long> held = new HashMap<>();

    /** @param ticker nanoseconds, like {@link System#nanoTime()} */
    InMemoryTimetable(LongSupplier ticker) {
        this.ticker = ticker;
    }

    @Override
    public synchronized Taken take(List<Wish> wishes) {
        long now = ticker.getAsLong();
        long start = now;
        for (Wish wish : wishes) {
            long until = later(free.getOrDefault(wish.limit(), now), now) + wish.nanos();
            start = later(start, until - wish.allowance().ahead());
            start = later(start, held.getOrDefault(wish.limit(), now));
        }
        Map<String, Object> marks = new HashMap<>();
        for (Wish wish : wishes) {
            long until = later(free.getOrDefault(wish.limit(), start), start) + wish.nanos();
            free.put(wish.limit(), until);
            marks.put(wish.limit(), until);
        }
        return new Taken(Duration.ofNanos(start - now), marks);
    }

    @Override
    public synchronized Object giveBack(Wish unused, Object mark) {
        Long until = free.get(unused.limit());
        if (until == null || !until.equals(mark)) {
            return mark;
        }
        long before = until - unused.nanos();
        free.put(unused.limit(), before);
        return before;
    }

    @Override
    public synchronized void hold(String limit, Duration time) {
        long now = ticker.getAsLong();
        long until = now + time.toNanos();
        held.merge(limit, until, InMemoryTimetable::later);
        free.merge(limit, until, InMemoryTimetable::later);
    }

    @Override
    public synchronized Map<String, Duration> holds() {
        long now = ticker.getAsLong();
        Map<String, Duration> left = new HashMap<>();
        held.forEach((limit, until) -> left.put(limit, Duration.ofNanos(Math.max(0, until - now))));
        return left;
    }

    @Override
    public synchronized void tidy() {
        long now = ticker.getAsLong();
        free.values().removeIf(until -> until - now <= 0);
        held.values().removeIf(until -> until - now <= 0);
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
