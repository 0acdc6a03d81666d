package dev.offramp.simulator;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * One subscription of a scenario before dates are counted from now.
 *
 * @param given the scenario's own members: status, quantity, dates and the like
 * @param members overrides of any member of the documented body
 * @param without members of the documented body that are to be missing
 */
record SubscriptionSeed(Kind kind, String id, ObjectNode given, ObjectNode members, List<String> without) {}
