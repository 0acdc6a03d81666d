package dev.offramp.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.platform.KnownKeys.Key;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KnownKeysTests {

    private final KnownKeys keys = new KnownKeys(List.of(
            key("offramp.mode", "dev.offramp.ledger.Mode"),
            key("offramp.batch.max-requests", "java.lang.Integer"),
            key("offramp.partner-center.tenant-id", "java.lang.String"),
            key("offramp.request.sources", "java.util.List<dev.offramp.request.RequestProperties$Source>"),
            key("offramp.safety.budget.customers", "java.util.Map<java.lang.String,java.lang.Integer>"),
            new Key("offramp.batch.size", "java.lang.Integer", null, null, "Use offramp.batch.max-requests instead.")));

    @Test
    void knowsAKeyInEachWayOfWritingThatSpringReads() {
        assertThat(keys.complaint("offramp.batch.max-requests")).isEmpty();
        assertThat(keys.complaint("offramp.batch.maxRequests")).isEmpty();
        assertThat(keys.complaint("offramp.batch.max_requests")).isEmpty();
    }

    @Test
    void namesTheNearestKeyForAnUnknownOne() {
        assertThat(keys.complaint("offramp.batch.max-request"))
                .contains("There is no offramp.batch.max-request. Did you mean offramp.batch.max-requests?");
    }

    @Test
    void knowsTheMembersOfMapsAndListsAndNothingThatOnlyBeginsLikeThem() {
        assertThat(keys.complaint("offramp.safety.budget.customers.cancel-subscription"))
                .isEmpty();
        assertThat(keys.complaint("offramp.request.sources[0].name")).isEmpty();
        assertThat(keys.complaint("offramp.request.sourcesfile")).isNotEmpty();
        assertThat(keys.complaint("offramp.mode.live")).isNotEmpty();
    }

    @Test
    void saysWhatToDoInsteadOfARetiredKey() {
        assertThat(keys.complaint("offramp.batch.size"))
                .contains("offramp.batch.size is no longer there. Use offramp.batch.max-requests instead.");
    }

    @Test
    void neverProposesARetiredKey() {
        assertThat(keys.complaint("offramp.batch.sizes").orElseThrow()).doesNotContain("offramp.batch.size?");
    }

    @Test
    void readsEnvironmentVariablesWithAndWithoutUnderscoresForDashes() {
        assertThat(keys.complaintAboutVariable("OFFRAMP_PARTNERCENTER_TENANTID"))
                .isEmpty();
        assertThat(keys.complaintAboutVariable("OFFRAMP_PARTNER_CENTER_TENANT_ID"))
                .isEmpty();
        assertThat(keys.complaintAboutVariable("OFFRAMP_REQUEST_SOURCES_0_NAME"))
                .isEmpty();
        assertThat(keys.complaintAboutVariable("OFFRAMP_MODES"))
                .contains("There is no OFFRAMP_MODES. Did you mean offramp.mode?");
    }

    @Test
    void leavesVariablesAloneThatTheLauncherOrKubernetesSet() {
        var variables = Stream.of(
                "OFFRAMP_JAVA_OPTS",
                "OFFRAMP_JAR",
                "OFFRAMP_PORT",
                "OFFRAMP_PORT_8080_TCP_ADDR",
                "OFFRAMP_SERVICE_HOST",
                "PATH");

        assertThat(keys.complaints(Stream.of("spring.application.name", "server.port"), variables))
                .isEmpty();
    }

    @Test
    void findsTheKeysOfTheConfigurationRecords() {
        assertThat(KnownKeys.ofThisProgram().all())
                .extracting(Key::name)
                .contains("offramp.mode", "offramp.home", "offramp.safety.budget.customers");
    }

    private static Key key(String name, String type) {
        return new Key(name, type, null, null, null);
    }
}
