package dev.offramp.batch;

import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.Facts;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.Answer;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.OrderResource;
import dev.offramp.partnercenter.SubscriptionResource;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What reading the target brought. */
sealed interface Reading {

    /**
     * Facts, and the resources behind them that a change sends back whole.
     *
     * @param resources the subscriptions that were read by id
     * @param customer the customer, when it was read beside the target
     */
    record Known(
            Facts facts,
            Map<SubscriptionId, SubscriptionResource> resources,
            @Nullable OrderResource order,
            @Nullable Customer customer)
            implements Reading {

        public Known {
            resources = Map.copyOf(resources);
        }

        Known(Facts facts, Map<SubscriptionId, SubscriptionResource> resources, @Nullable OrderResource order) {
            this(facts, resources, order, facts instanceof Facts.OfCustomer of ? of.customer() : null);
        }

        Known with(Customer read) {
            return new Known(facts, resources, order, read);
        }

        static Known of(Facts facts) {
            return new Known(facts, Map.of(), null);
        }
    }

    /** Its kind needs more to be read than was reserved; nothing is decided over what was found. */
    record More(Beside beside, Subscription found) implements Reading {}

    record Throttled(Duration retryAfter, Answer answer) implements Reading {}

    record Denied(Denial denial, Answer answer) implements Reading {}

    record Unavailable(String cause, Answer answer) implements Reading {}
}
