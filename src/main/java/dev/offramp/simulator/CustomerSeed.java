package dev.offramp.simulator;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** One customer of a scenario before dates are counted from now. */
record CustomerSeed(
        String id,
        String companyName,
        String domain,
        String relationship,
        boolean allowDelegatedAccess,
        ObjectNode members,
        List<SubscriptionSeed> subscriptions,
        List<EntitlementSeed> entitlements,
        List<OrderSeed> orders) {}
