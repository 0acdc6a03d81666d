package dev.offramp.simulator;

import java.time.Duration;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** Says in code what a scenario file says in JSON. */
public final class ScenarioBuilder {

    private final ObjectNode document = Json.object();

    ScenarioBuilder() {
        document.put("name", "in code");
    }

    public ScenarioBuilder named(String name) {
        document.put("name", name);
        return this;
    }

    public ScenarioBuilder partnerTenant(String tenantId) {
        return setting("partnerTenantId", tenantId);
    }

    public ScenarioBuilder application(String clientId, String clientSecret) {
        return setting("clientId", clientId).setting("clientSecret", clientSecret);
    }

    public ScenarioBuilder refreshToken(String token) {
        return setting("refreshToken", token);
    }

    /** A refresh token that was already used goes on working. */
    public ScenarioBuilder toleratesReusedRefreshTokens() {
        return setting("refreshTokenReuse", "allowed");
    }

    /** Answers to a refresh hold no refresh token: the old one goes on working. */
    public ScenarioBuilder answersRefreshesWithoutRefreshToken() {
        settings().put("refreshTokenAnswered", false);
        return this;
    }

    public ScenarioBuilder refreshTokensLive(Duration unused) {
        return setting("refreshTokenLifetime", Durations.text(unused));
    }

    /** @param pem client assertions must be signed with the key of this certificate */
    public ScenarioBuilder clientCertificate(String pem) {
        return setting("clientCertificate", pem);
    }

    /** @param what approved, declined, or page */
    public ScenarioBuilder signInsAre(String what) {
        return setting("signIn", what);
    }

    /** Sign-ins by device code are blocked. */
    public ScenarioBuilder blocksDeviceCodes() {
        return setting("deviceCode", "blocked");
    }

    /** The person enters a device code only when the simulator is told so. */
    public ScenarioBuilder deviceCodesWait() {
        return setting("deviceSignInAfter", "never");
    }

    public ScenarioBuilder deviceCodeInterval(Duration interval) {
        return setting("deviceCodeInterval", Durations.text(interval));
    }

    /** The person's sign-in had no second factor. */
    public ScenarioBuilder signedInWithoutSecondFactor() {
        settings().put("multiFactor", false);
        return this;
    }

    public ScenarioBuilder accessTokensLive(Duration lifetime) {
        return setting("accessTokenLifetime", Durations.text(lifetime));
    }

    /** Reads show the old state for this long after a change. */
    public ScenarioBuilder propagationDelay(Duration delay) {
        return setting("propagationDelay", Durations.text(delay));
    }

    /** A repeated MS-RequestId is answered with the first answer and without effect. */
    public ScenarioBuilder honoursRequestIds() {
        settings().put("idempotentRequestIds", true);
        return this;
    }

    /** @param answer 2011, 800040 or 200 */
    public ScenarioBuilder answersDeletedAgainWith(String answer) {
        return setting("deletedAgain", answer);
    }

    /** @param status 403 or 404 */
    public ScenarioBuilder answersAfterUnlinkWith(int status) {
        settings().put("afterUnlink", status);
        return this;
    }

    /** @param status 404 or 403 */
    public ScenarioBuilder answersUnknownCustomersWith(int status) {
        settings().put("unknownCustomer", status);
        return this;
    }

    public ScenarioBuilder letsSuspendedNewCommercePassAnUnlink() {
        settings().put("suspendedNewCommerceBlocksUnlink", false);
        return this;
    }

    public ScenarioBuilder allowsCancellingLegacy() {
        return setting("legacyCancel", "allowed");
    }

    public ScenarioBuilder demandsIfMatchOnNewCommerce() {
        return setting("ifMatchOnNewCommerce", "required");
    }

    /** One of the switches of docs/simulator.md, such as {@code unlinkRefused}. */
    public ScenarioBuilder where(String setting, Object value) {
        settings().set(setting, Json.tree(value));
        return this;
    }

    /** It is an integration sandbox: customers can be deleted, and more orders cancelled. */
    public ScenarioBuilder sandbox() {
        return where("sandbox", true);
    }

    /** What chance is drawn from. */
    public ScenarioBuilder seed(long seed) {
        document.put("seed", seed);
        return this;
    }

    public ScenarioBuilder limit(Limit limit) {
        document.withArray("/limits").add(RuleWriter.node(limit));
        return this;
    }

    public ScenarioBuilder burst(Burst burst) {
        document.withArray("/bursts").add(RuleWriter.node(burst));
        return this;
    }

    public ScenarioBuilder fault(Fault fault) {
        document.withArray("/faults").add(RuleWriter.node(fault));
        return this;
    }

    /** A customer whose domain is made from its name, with the partner as its reseller unless the sentence says otherwise. */
    public ScenarioBuilder customer(String companyName, UnaryOperator<CustomerBuilder> sentence) {
        CustomerBuilder customer = sentence.apply(new CustomerBuilder(companyName));
        document.withArray("/customers").add(customer.node());
        return this;
    }

    /** @throws ScenarioException when the sentences contradict each other */
    public Scenario build() {
        return Scenario.of(document.deepCopy());
    }

    private ScenarioBuilder setting(String name, String value) {
        settings().put(name, value);
        return this;
    }

    private ObjectNode settings() {
        return document.withObject("/settings");
    }
}
