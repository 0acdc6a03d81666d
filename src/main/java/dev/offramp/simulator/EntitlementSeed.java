package dev.offramp.simulator;

import tools.jackson.databind.node.ObjectNode;

/** One entitlement of a scenario: a reservation or software, in any documented spelling. */
record EntitlementSeed(String id, String type, ObjectNode given, ObjectNode members) {

    /** The order by which it was bought, unless the scenario names one. */
    String orderId() {
        return "Ka" + Scenario.derived("order " + id).replace("-", "").substring(0, 30) + "1";
    }
}
