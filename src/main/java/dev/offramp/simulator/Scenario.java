package dev.offramp.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a simulated Partner Center holds at its start, how it behaves, and what goes wrong; immutable. */
public final class Scenario {

    private final JsonNode document;
    private final String name;
    private final Settings settings;
    private final List<Limit> limits;
    private final List<Burst> bursts;
    private final List<Fault> faults;
    private final List<CustomerSeed> customers;

    private Scenario(JsonNode document) {
        this.document = document;
        name = document.path("name").asString("unnamed");
        settings = Settings.of(document.path("settings"));
        limits = RuleReader.limits(document.path("limits"));
        bursts = RuleReader.bursts(document.path("bursts"));
        faults = RuleReader.faults(document.path("faults"));
        customers = customers(document);
    }

    private static List<CustomerSeed> customers(JsonNode document) {
        List<CustomerSeed> named = new ScenarioReader().customers(document);
        if (!document.has("portfolio")) {
            return named;
        }
        List<CustomerSeed> all = new ArrayList<>(named);
        all.addAll(Portfolio.of(document.path("portfolio")).seeds());
        return Collections.unmodifiableList(all);
    }

    /**
     * As many made-up customers as wanted, the same ones for the same seed.
     *
     * @param mix weights of the kinds of subscription; empty means the usual ones
     * @throws ScenarioException when a kind is unknown or a number is out of range
     */
    public static Scenario portfolio(int customers, long seed, Map<String, Integer> mix) {
        ObjectNode document = Json.object().put("name", customers + " made-up customers, seed " + seed);
        document.set("portfolio", Portfolio.node(customers, seed, mix));
        return of(document);
    }

    /** Begins a scenario in code. */
    public static ScenarioBuilder builder() {
        return new ScenarioBuilder();
    }

    /** The scenario that is used when none is named. */
    public static Scenario builtIn() {
        try (InputStream in = Scenario.class.getResourceAsStream("/simulator/default-scenario.json")) {
            if (in == null) {
                throw new IllegalStateException("the built-in scenario is not on the class path");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws ScenarioException when the file cannot be read or is no scenario; its message names file and place */
    public static Scenario read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (ScenarioException e) {
            throw new ScenarioException("The scenario " + file + " cannot be used. " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new ScenarioException("The scenario " + file + " does not exist.", e);
        } catch (MalformedInputException e) {
            throw new ScenarioException("The scenario " + file + " is not UTF-8 text.", e);
        } catch (IOException e) {
            throw new ScenarioException("The scenario " + file + " cannot be read: " + e, e);
        }
    }

    /** @throws ScenarioException when the text is no scenario; its message names the place */
    public static Scenario parse(String json) {
        return new Scenario(ScenarioSchema.checked(json));
    }

    static Scenario of(JsonNode document) {
        ScenarioSchema.check(document);
        return new Scenario(document);
    }

    /** The id of a customer for which the scenario names none. */
    public static String customerId(String companyName) {
        return derived("customer " + companyName);
    }

    /** The id of the customer's subscription at a position, counted from 1, for which the scenario names none. */
    public static String subscriptionId(String customerId, int position) {
        return derived("subscription " + position + " of " + customerId);
    }

    /** The id of the Azure subscription at a position under a plan, for which the scenario names none. */
    public static String azureSubscriptionId(String planId, int position) {
        return derived("Azure subscription " + position + " of " + planId);
    }

    /** The id of the customer's order at a position, for which the scenario names none. */
    public static String orderId(String customerId, int position) {
        return "So"
                + derived("order " + position + " of " + customerId)
                        .replace("-", "")
                        .substring(0, 30) + "1";
    }

    static String entitlementId(String customerId, int position) {
        return derived("entitlement " + position + " of " + customerId);
    }

    static String derived(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    public String name() {
        return name;
    }

    public int customerCount() {
        return customers.size();
    }

    /** The tenant of the partner whose Partner Center this is. */
    public String partnerTenantId() {
        return settings.partnerTenantId();
    }

    /** The refresh token with which a client can begin. */
    public String refreshToken() {
        return settings.signIn().refreshToken();
    }

    /** The scenario as it would stand in a file. */
    public String toJson() {
        return Json.text(document);
    }

    /** What chance is drawn from: the same seed makes the same draws. */
    long seed() {
        return document.path("seed").asLong(0);
    }

    /** The scenario as a file in which every customer stands by itself. */
    String spelledOut() {
        ObjectNode whole = document.deepCopy().asObject();
        whole.remove("portfolio");
        ArrayNode all = whole.putArray("customers");
        customers.forEach(each -> all.add(SeedWriter.node(each)));
        return Json.pretty(whole);
    }

    Settings settings() {
        return settings;
    }

    List<Limit> limits() {
        return limits;
    }

    List<Burst> bursts() {
        return bursts;
    }

    List<Fault> faults() {
        return faults;
    }

    List<CustomerSeed> customers() {
        return customers;
    }
}
