package dev.offramp.safety;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * One budget that concerns a call, and how it stands before it.
 *
 * @param allowed what the budget's limit comes to now
 * @param used customers or calls that are counted in its time already
 * @param counted whether the call costs nothing more of it: its customer, or its own permit, is counted already
 */
record Charge(Budget budget, long allowed, long used, boolean counted) {

    boolean fits() {
        return counted || used < allowed;
    }

    /** The decision: a call must fit into every budget that concerns it; of those it does not, the tightest is named. */
    static Optional<Exceeded> exceeded(Collection<Charge> charges) {
        return charges.stream()
                .filter(each -> !each.fits())
                .min(Comparator.comparingLong(Charge::allowed)
                        .thenComparing(each -> each.budget().scope().kind())
                        .thenComparing(each -> each.budget().unit()))
                .map(each -> new Exceeded(each.budget(), each.allowed(), each.used()));
    }
}
