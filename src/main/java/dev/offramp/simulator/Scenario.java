package dev.offramp.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

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
        settings = RuleReader.settings(document.path("settings"));
        limits = RuleReader.limits(document.path("limits"));
        bursts = RuleReader.bursts(document.path("bursts"));
        faults = RuleReader.faults(document.path("faults"));
        customers = new ScenarioReader().customers(document);
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
