package dev.offramp.offboarding;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the asker believes with what was read. A difference outweighs a member that could not be read: both are
 * held, but a difference is the stronger sign of a wrong target. What a person has released is passed as long as it is
 * found as it was then, and nothing else.
 */
final class Expectations {

    private final List<String> mismatches = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    private Expectations() {}

    static Optional<Verdict> ofSubscription(Expectation expect, Releases released, Subscription read) {
        Expectations all = new Expectations();
        all.text("offerId", expect.offerId(), read.offerId());
        all.number("quantity", expect.quantity(), read.quantity());
        all.text("customerDomain", expect.customerDomain(), null);
        all.text("customerName", expect.customerName(), null);
        return all.verdict("subscription", released);
    }

    /** Every line that is to be cancelled must be as expected. */
    static Optional<Verdict> ofLines(Expectation expect, Releases released, List<SoftwareOrder.Line> lines) {
        Expectations all = new Expectations();
        for (SoftwareOrder.Line line : lines) {
            all.text("offerId", expect.offerId(), line.offerId());
            all.number("quantity", expect.quantity(), line.quantity());
        }
        all.text("customerDomain", expect.customerDomain(), null);
        all.text("customerName", expect.customerName(), null);
        return all.verdict("order", released);
    }

    static Optional<Verdict> ofCustomer(Expectation expect, Releases released, Customer read) {
        Expectations all = new Expectations();
        all.text("customerDomain", expect.customerDomain(), read.domain());
        all.text("customerName", expect.customerName(), read.companyName());
        all.text("offerId", expect.offerId(), null);
        all.number("quantity", expect.quantity(), null);
        return all.verdict("customer", released);
    }

    private void text(String member, @Nullable String expected, @Nullable String found) {
        if (expected == null) {
            return;
        }
        if (found == null || found.isBlank()) {
            unreadable.add(member);
        } else if (!found.strip().equalsIgnoreCase(expected.strip())) {
            mismatches.add("%s is '%s', expected was '%s'".formatted(member, found.strip(), expected.strip()));
        }
    }

    private void number(String member, @Nullable Integer expected, @Nullable Integer found) {
        if (expected == null) {
            return;
        }
        if (found == null) {
            unreadable.add(member);
        } else if (!found.equals(expected)) {
            mismatches.add("%s is %d, expected was %d".formatted(member, found, expected));
        }
    }

    private Optional<Verdict> verdict(String target, Releases released) {
        return mismatch(target)
                .filter(hold -> isNews(hold, released))
                .or(() -> unreadable(target).filter(hold -> isNews(hold, released)))
                .map(hold -> hold);
    }

    /** A release is for what was found then: another difference is another target, and nobody has looked at that one. */
    private static boolean isNews(Verdict.Hold hold, Releases released) {
        return !released.covers(hold.reason(), hold.message());
    }

    private Optional<Verdict.Hold> mismatch(String target) {
        return mismatches.isEmpty()
                ? Optional.empty()
                : Optional.of(new Verdict.Hold(
                        Reason.EXPECTATION_MISMATCH,
                        "The %s is not what the request expects: %s.".formatted(target, String.join("; ", mismatches)),
                        "Find out whether the id belongs to the meant %s. If it does not, reject the request."
                                .formatted(target)));
    }

    private Optional<Verdict.Hold> unreadable(String target) {
        return unreadable.isEmpty()
                ? Optional.empty()
                : Optional.of(new Verdict.Hold(
                        Reason.EXPECTATION_UNREADABLE,
                        "What the request expects could not be compared: the %s that was read says nothing of %s."
                                .formatted(target, String.join(", ", unreadable)),
                        "Look at the %s in Partner Center and decide.".formatted(target)));
    }
}
