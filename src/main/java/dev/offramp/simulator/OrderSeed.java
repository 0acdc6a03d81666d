package dev.offramp.simulator;

import tools.jackson.databind.node.ObjectNode;

/**
 * One order of a scenario that no subscription shows: perpetual software, or a reservation.
 *
 * @param reservation whether it is one; else it is perpetual software
 */
record OrderSeed(String id, boolean reservation, ObjectNode given, ObjectNode members) {}
