package dev.offramp.simulator;

import java.time.Instant;

/** Carries out the end of an Azure subscription under an Azure plan, which shows itself only some minutes later. */
final class AzureChanges {

    private static final String REASON = "compromise";

    private final World world;
    private final Settings settings;
    private final Reads reads;

    AzureChanges(World world, Settings settings, Reads reads) {
        this.world = world;
        this.settings = settings;
        this.reads = reads;
    }

    Result cancel(Target target, HttpRequest request, Instant now) {
        HeldCustomer customer = world.customer(target.customerId(), now).orElse(null);
        if (customer == null) {
            return reads.unknownCustomer(target.customerId());
        }
        if (!customer.isOurs()) {
            return reads.notOursForAzure(customer.id());
        }
        HeldAzureSubscription azure = customer.subscription(target.subscriptionId()).stream()
                .flatMap(plan -> plan.azure().stream())
                .filter(each -> each.id().equalsIgnoreCase(target.itemId()))
                .findFirst()
                .orElse(null);
        if (azure == null) {
            return Reads.noAzureSubscription();
        }
        String reason =
                Members.of(request).map(body -> body.text("cancellationReason")).orElse("");
        if (!reason.equals(REASON)) {
            return Result.error(400, "900307", "Cancellation reason '" + reason + "' is invalid.");
        }
        if (azure.isCancelled()) {
            return Result.ok(azure.linkedBody(now));
        }
        azure.inactiveFrom(now.plus(settings.azureCancelTakes()));
        return Result.changed(azure.linkedBody(now));
    }
}
