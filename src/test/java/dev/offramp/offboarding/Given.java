package dev.offramp.offboarding;

import dev.offramp.offboarding.Subscription.Kind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fixtures in words. */
final class Given {

    static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    static final Instant YESTERDAY = Instant.parse("2026-11-19T10:00:00Z");
    static final Instant TOMORROW = Instant.parse("2026-11-21T10:00:00Z");
    static final Instant NEXT_YEAR = Instant.parse("2027-03-01T00:00:00Z");
    static final SubscriptionId LICENCE = SubscriptionId.of("6e7aa601-629e-461b-8933-0898c3cc3c7c");
    static final SubscriptionId OTHER = SubscriptionId.of("a4c1340d-6911-4758-bba3-0c4c6007d161");
    static final CustomerId CONTOSO = CustomerId.of("5921f00a-32c0-4457-aaa1-e8018c650895");

    private Given() {}

    static Terms terms() {
        return expecting(Expectation.NONE);
    }

    static Terms expecting(Expectation expect) {
        return terms(null, NEXT_YEAR, expect);
    }

    static Terms terms(@Nullable Instant notBefore, Instant notAfter, Expectation expect) {
        return new Terms(
                false,
                notBefore,
                notAfter,
                Terms.IfWindowClosed.REJECT,
                Terms.OnActiveSubscriptions.FAIL,
                Terms.OnActiveAzureSubscriptions.FAIL,
                expect);
    }

    static Customer contoso() {
        return contoso("reseller");
    }

    static Customer contoso(@Nullable String relationship) {
        return new Customer(CONTOSO, "Contoso Ltd.", "contoso.onmicrosoft.example", relationship);
    }

    static Facts.OfCustomer customer(List<Subscription> subscriptions, List<Entitlement> entitlements) {
        return new Facts.OfCustomer(NOW, contoso(), subscriptions, entitlements, true);
    }

    static Entitlement reservation(String type, String state) {
        return new Entitlement(type, "order-1/0", "DZH318Z0BQ3Q 00BD", state);
    }

    static A licence(String status) {
        return new A().status(status);
    }

    /** A subscription in the making: an active new-commerce licence with an open window, until something else is said. */
    static final class A {
        private @Nullable SubscriptionId id = LICENCE;
        private SubscriptionStatus status = SubscriptionStatus.of("active");
        private Kind kind = Kind.NEW_COMMERCE_LICENCE;
        private @Nullable String offerId = "CFQ7TTC0LH18:0001:CFQ7TTC0K971";
        private @Nullable Integer quantity = 25;
        private @Nullable Boolean autoRenew = true;
        private @Nullable Instant allowedUntil = TOMORROW;
        private @Nullable List<String> actions = null;
        private @Nullable Instant termEnd = NEXT_YEAR;
        private List<Subscription.Refund> refunds = List.of();
        private @Nullable Instant refundableUntil = null;
        private @Nullable Integer refundableQuantity = null;
        private @Nullable String orderId = null;

        A id(@Nullable SubscriptionId other) {
            id = other;
            return this;
        }

        A status(@Nullable String text) {
            status = SubscriptionStatus.of(text);
            return this;
        }

        A kind(Kind other) {
            kind = other;
            return this;
        }

        A offer(@Nullable String other, @Nullable Integer number) {
            offerId = other;
            quantity = number;
            return this;
        }

        A renewing(@Nullable Boolean renews, @Nullable Instant end) {
            autoRenew = renews;
            termEnd = end;
            return this;
        }

        A window(@Nullable Instant until, @Nullable List<String> offered) {
            allowedUntil = until;
            actions = offered;
            return this;
        }

        A refunds(Subscription.Refund... all) {
            refunds = List.of(all);
            return this;
        }

        A refundable(@Nullable Integer number, @Nullable Instant until) {
            refundableQuantity = number;
            refundableUntil = until;
            return this;
        }

        A order(@Nullable String other) {
            orderId = other;
            return this;
        }

        Subscription build() {
            return new Subscription(
                    id,
                    "Microsoft 365 Business Basic",
                    status,
                    kind,
                    offerId,
                    quantity,
                    autoRenew,
                    allowedUntil,
                    actions,
                    termEnd,
                    refunds,
                    refundableUntil,
                    refundableQuantity,
                    orderId);
        }

        Facts read() {
            return new Facts.OfSubscription(NOW, build());
        }
    }
}
