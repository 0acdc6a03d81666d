package dev.offramp.simulator;

/** One Azure subscription under an Azure plan; partners see it as an entitlement of the plan. */
record AzureSubscriptionSeed(String id, String name, String status) {}
