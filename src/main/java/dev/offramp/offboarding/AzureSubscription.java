package dev.offramp.offboarding;

/**
 * An Azure subscription under an Azure plan.
 *
 * @param entitlement its id as an Azure entitlement: what a cancellation of it names
 * @param name for people, empty when missing
 * @param status as spelled ({@code active}, {@code inactive}), empty when missing
 * @see <a href="https://learn.microsoft.com/partner-center/developer/get-a-list-of-azure-entitlements-for-subscription">Azure
 *     entitlements</a>
 */
public record AzureSubscription(String entitlement, String name, String status) {

    /** Whether it is known to be over; everything else counts as active. */
    public boolean isInactive() {
        return "inactive".equalsIgnoreCase(status);
    }
}
