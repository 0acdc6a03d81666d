package dev.offramp.partnercenter;

import dev.offramp.offboarding.Customer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the partner's customers.
 *
 * @param continuation what asks for the next page; null at the end
 * @param complete false when {@code totalCount} differs from the number of items, when a customer could not be read, or
 *     when there is a next page that cannot be asked for
 */
public record CustomerPage(
        List<Customer> customers, @Nullable String continuation, boolean complete) {

    public CustomerPage {
        customers = List.copyOf(customers);
    }
}
