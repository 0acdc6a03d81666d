package dev.offramp.partnercenter.pace;

import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.pace.Timetable.Taken;
import dev.offramp.partnercenter.pace.Timetable.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * A rate limit by reservation on two levels: the partner tenant's for each resource class, and the customer's for all
 * its calls together. A job that may use only a share of the tenant's rate has a lane of its own beside it.
 *
 * <p>A reservation of more calls than a limit's burst starts when the last of them may.
 */
final class ReservedPace implements Pace {

    private static final Logger log = LoggerFactory.getLogger(ReservedPace.class);

    private final Timetable timetable;
    private final Holds holds;
    private final PartnerTenantId partner;
    private final Allowance perResource;
    private final Allowance perCustomer;
    private final LongSupplier ticker;

    /** @param ticker nanoseconds, like {@link System#nanoTime()} */
    ReservedPace(
            Timetable timetable,
            PartnerTenantId partner,
            Allowance perResource,
            Allowance perCustomer,
            LongSupplier ticker) {
        this.timetable = timetable;
        this.holds = new Holds(ticker);
        this.partner = partner;
        this.perResource = perResource;
        this.perCustomer = perCustomer;
        this.ticker = ticker;
    }

    @Override
    public Reservation reserve(CustomerId customer, List<ResourceClass> calls, Share share) {
        return new Slots(customer, calls, share);
    }

    @Override
    public void hold(ResourceClass resource, Duration retryAfter) {
        holds.learn(resource, retryAfter);
        try {
            timetable.hold(limit(resource), retryAfter);
        } catch (DataAccessException e) {
            log.warn(
                    "A hold of {} for {} could not be shared; this node keeps it, the others go on until Partner Center tells them: {}",
                    retryAfter,
                    resource,
                    e.getMessage());
        }
    }

    @Override
    public Duration held(ResourceClass resource) {
        return holds.left(resource);
    }

    /** Learns the holds of other nodes. */
    void look() {
        Map<String, Duration> shared = timetable.holds();
        for (ResourceClass resource : ResourceClass.values()) {
            Duration left = shared.getOrDefault(limit(resource), Duration.ZERO);
            if (!left.isZero()) {
                holds.learn(resource, left);
            }
        }
    }

    void tidy() {
        timetable.tidy();
    }

    private String limit(ResourceClass resource) {
        return "partner:%s:%s".formatted(partner, resource.name());
    }

    private String lane(ResourceClass resource, Share share) {
        return "%s/job:%s".formatted(limit(resource), share.job());
    }

    private static String limit(CustomerId customer) {
        return "customer:" + customer;
    }

    /** The slots of one reservation. */
    private final class Slots implements Reservation {
        private final CustomerId customer;
        private final Share share;
        private final Map<ResourceClass, Integer> counts = new EnumMap<>(ResourceClass.class);
        private final List<ResourceClass> left;
        private Map<String, Object> marks = Map.of();
        private int knownHolds;
        private long start;

        Slots(CustomerId customer, List<ResourceClass> calls, Share share) {
            this.customer = customer;
            this.share = share;
            left = new ArrayList<>(calls);
            calls.forEach(call -> counts.merge(call, 1, Integer::sum));
            start = ticker.getAsLong();
            if (!calls.isEmpty()) {
                take();
            }
        }

        private void take() {
            knownHolds = holdsSoFar();
            List<Wish> wishes = new ArrayList<>();
            counts.forEach((resource, calls) -> wishes.addAll(wishes(resource, calls)));
            wishes.add(new Wish(limit(customer), perCustomer, left.size()));
            Taken taken = timetable.take(Collections.unmodifiableList(wishes));
            marks = new HashMap<>(taken.marks());
            start = ticker.getAsLong() + taken.delay().toNanos();
        }

        /** A place in the tenant's rate, and one in the job's share of it. */
        private List<Wish> wishes(ResourceClass resource, int calls) {
            var whole = new Wish(limit(resource), perResource, calls);
            return share.isWhole()
                    ? List.of(whole)
                    : List.of(whole, new Wish(lane(resource, share), perResource.share(share.percent()), calls));
        }

        private int holdsSoFar() {
            return counts.keySet().stream().mapToInt(holds::count).sum();
        }

        @Override
        public synchronized Duration remaining() {
            if (!left.isEmpty() && holdsSoFar() != knownHolds) {
                // Who waited through a hold lines up again, so that its end is not a stampede.
                take();
            }
            Duration wait = Duration.ofNanos(Math.max(0, start - ticker.getAsLong()));
            for (ResourceClass resource : counts.keySet()) {
                Duration held = holds.left(resource);
                wait = held.compareTo(wait) > 0 ? held : wait;
            }
            return wait;
        }

        @Override
        public synchronized void giveBack(List<ResourceClass> unused) {
            Map<ResourceClass, Integer> back = new EnumMap<>(ResourceClass.class);
            for (ResourceClass resource : unused) {
                if (left.remove(resource)) {
                    back.merge(resource, 1, Integer::sum);
                }
            }
            back.forEach((resource, calls) -> wishes(resource, calls).forEach(this::giveBack));
            int all = back.values().stream().mapToInt(Integer::intValue).sum();
            if (all > 0) {
                giveBack(new Wish(limit(customer), perCustomer, all));
            }
        }

        private void giveBack(Wish unused) {
            Object mark = marks.get(unused.limit());
            if (mark != null) {
                marks.put(unused.limit(), timetable.giveBack(unused, mark));
            }
        }
    }
}
