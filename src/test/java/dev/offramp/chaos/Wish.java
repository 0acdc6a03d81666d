package dev.offramp.chaos;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is asked, by its number: most are cancellations; every fifth is an unlink, every tenth a suspension. */
record Wish(
        int number,
        String operation,
        String customer,
        @Nullable String subscription) {

    static final String CANCEL = "cancel-subscription";
    static final String SUSPEND = "suspend-subscription";
    static final String UNLINK = "remove-reseller-relationship";
    static final String SOURCE = "/contoso/billing";

    static Wish numbered(int number) {
        var customer = "00000000-0000-4000-8000-%012d".formatted(number + 1);
        var subscription = "00000000-0000-4000-9000-%012d".formatted(number + 1);
        return switch (number % 10) {
            case 4, 9 -> new Wish(number, UNLINK, customer, null);
            case 7 -> new Wish(number, SUSPEND, customer, subscription);
            default -> new Wish(number, CANCEL, customer, subscription);
        };
    }

    String id() {
        return "chaos-" + number;
    }

    String customerName() {
        return "Customer " + number;
    }

    String event() {
        var target = subscription == null
                ? "\"expect\":{\"customerName\":\"%s\"}".formatted(customerName())
                : "\"subscriptionId\":\"%s\"".formatted(subscription);
        return """
                {"specversion":"1.0","type":"dev.offramp.%s.v1","source":"%s","id":"%s","time":"%s",
                 "datacontenttype":"application/json",
                 "data":{"customerId":"%s",%s,"reason":"contract ended","requestedBy":"jane"}}
                """.formatted(operation, SOURCE, id(), Instant.now(), customer, target);
    }
}
