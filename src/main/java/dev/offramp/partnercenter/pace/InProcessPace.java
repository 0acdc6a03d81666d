package dev.offramp.partnercenter.pace;

import dev.offramp.offboarding.CustomerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The rate limit of a single node: one reserved time for each resource class and one for each customer (GCRA), in
 * memory.
 */
final class InProcessPace implements Pace {

    /** Customers whose reserved time has passed are forgotten when there are more than this many. */
    private static final int CUSTOMERS = 10_000;

    private final Allowance perResource;
    private final Allowance perCustomer;
    private final LongSupplier ticker;
    private final Map<ResourceClass, Limit> resources = new EnumMap<>(ResourceClass.class);
    private final Map<CustomerId, Limit> customers = new HashMap<>();

    /** @param ticker nanoseconds, like {@link System#nanoTime()} */
    InProcessPace(Allowance perResource, Allowance perCustomer, LongSupplier ticker) {
        this.perResource = perResource;
        this.perCustomer = perCustomer;
        this.ticker = ticker;
        long now = ticker.getAsLong();
        for (ResourceClass resource : ResourceClass.values()) {
            resources.put(resource, new Limit(perResource, now));
        }
    }

    @Override
    public synchronized Reservation reserve(CustomerId customer, List<ResourceClass> calls) {
        return new Slots(customer, calls);
    }

    @Override
    public synchronized void hold(ResourceClass resource, Duration retryAfter) {
        limit(resource).hold(ticker.getAsLong(), retryAfter.toNanos());
    }

    @Override
    public synchronized Duration held(ResourceClass resource) {
        return Duration.ofNanos(Math.max(0, limit(resource).heldUntil - ticker.getAsLong()));
    }

    private Limit limit(ResourceClass resource) {
        Limit limit = resources.get(resource);
        if (limit == null) {
            throw new IllegalStateException("No limit for " + resource);
        }
        return limit;
    }

    private Limit limit(CustomerId customer, long now) {
        if (customers.size() > CUSTOMERS) {
            customers.values().removeIf(limit -> limit.free - now <= 0);
        }
        return customers.computeIfAbsent(customer, any -> new Limit(perCustomer, now));
    }

    /** One limit's state; all times are readings of the ticker, compared by difference. */
    private static final class Limit {
        private final Allowance allowance;
        /** The reserved time: where the next call's interval begins. */
        private long free;

        private long heldUntil;
        private int holds;

        Limit(Allowance allowance, long now) {
            this.allowance = allowance;
            free = now;
            heldUntil = now;
        }

        /** Reserves and returns when all of them may start. */
        long take(int calls, long now) {
            long from = free - now > 0 ? free : now;
            free = from + calls * allowance.interval();
            return free - allowance.ahead();
        }

        void hold(long now, long nanos) {
            long until = now + nanos;
            if (until - heldUntil > 0) {
                heldUntil = until;
                holds++;
            }
            if (heldUntil - free > 0) {
                free = heldUntil;
            }
        }
    }

    /** The slots of one reservation. */
    private final class Slots implements Reservation {
        private final CustomerId customer;
        private final Map<ResourceClass, Integer> counts = new EnumMap<>(ResourceClass.class);
        private final Map<Limit, Long> ends = new HashMap<>();
        private final List<ResourceClass> left;
        private int holds;
        private long start;

        Slots(CustomerId customer, List<ResourceClass> calls) {
            this.customer = customer;
            left = new ArrayList<>(calls);
            calls.forEach(call -> counts.merge(call, 1, Integer::sum));
            take();
        }

        private void take() {
            long now = ticker.getAsLong();
            start = now;
            counts.forEach((resource, calls) -> take(limit(resource), calls, now));
            take(limit(customer, now), left.size(), now);
            holds = holds();
        }

        private void take(Limit limit, int calls, long now) {
            long from = limit.take(calls, now);
            ends.put(limit, limit.free);
            if (from - start > 0) {
                start = from;
            }
        }

        private int holds() {
            return counts.keySet().stream()
                    .mapToInt(resource -> limit(resource).holds)
                    .sum();
        }

        @Override
        public Duration remaining() {
            synchronized (InProcessPace.this) {
                if (holds() != holds) {
                    // A hold came: whoever waited through it lines up again, so that its end is not a stampede.
                    take();
                }
                long now = ticker.getAsLong();
                long wait = start - now;
                for (ResourceClass resource : counts.keySet()) {
                    wait = Math.max(wait, limit(resource).heldUntil - now);
                }
                return Duration.ofNanos(Math.max(0, wait));
            }
        }

        @Override
        public void giveBack(List<ResourceClass> unused) {
            synchronized (InProcessPace.this) {
                List<ResourceClass> back = new ArrayList<>();
                for (ResourceClass resource : unused) {
                    if (left.remove(resource)) {
                        back.add(resource);
                        giveBack(limit(resource), 1);
                    }
                }
                Limit own = customers.get(customer);
                if (own != null && !back.isEmpty()) {
                    giveBack(own, back.size());
                }
            }
        }

        /** Only the newest slots can be given to somebody else; a hole in the past is no use to anybody. */
        private void giveBack(Limit limit, int calls) {
            Long end = ends.get(limit);
            if (end != null && end == limit.free) {
                limit.free -= calls * limit.allowance.interval();
                ends.put(limit, limit.free);
            }
        }
    }
}
