package dev.offramp.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.simulator.CallChecker;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.testing.ExamplePlay;
import dev.offramp.testing.JobExample;
import dev.offramp.testing.RunningOfframp;
import dev.offramp.testing.TestDatabase;
import dev.offramp.testing.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Every example of every job ends as it says, and no target is called again after an effect. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobExampleTests {

    private static final Duration ENOUGH = Duration.ofSeconds(60);

    private static final ArrayNode NOBODY_ELSE = JsonNodeFactory.instance.arrayNode();

    private PartnerCenterSimulator partnerCenter;
    private RunningOfframp offramp;

    @BeforeAll
    void start() {
        partnerCenter = ExamplePlay.partnerCenterOf(JobExample.all(), NOBODY_ELSE, World.USUAL);
        offramp = running(partnerCenter, Map.of("offramp.safety.budget.customers.remove-reseller-relationship", "100"));
    }

    @AfterAll
    void stop() {
        offramp.close();
        partnerCenter.close();
    }

    @ParameterizedTest
    @MethodSource
    void endsAsItsOutcomesSay(JobExample example) {
        assertThat(new ExamplePlay(example, offramp).play(ENOUGH)).isEmpty();
        assertThat(CallChecker.repeatedAfterEffect(partnerCenter.calls())).isEmpty();
    }

    static List<JobExample> endsAsItsOutcomesSay() {
        return JobExample.all().stream()
                .filter(each -> each.configuration().isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource
    void endsAsItsOutcomesSayWithItsConfiguration(JobExample example) {
        try (var own = ExamplePlay.partnerCenterOf(List.of(example), NOBODY_ELSE, World.USUAL);
                var service = running(own, example.configuration())) {
            assertThat(new ExamplePlay(example, service).play(ENOUGH)).isEmpty();
            assertThat(CallChecker.repeatedAfterEffect(own.calls())).isEmpty();
        }
    }

    static List<JobExample> endsAsItsOutcomesSayWithItsConfiguration() {
        return JobExample.all().stream()
                .filter(each -> !each.configuration().isEmpty())
                .toList();
    }

    @Test
    void expectsSomethingOfEveryRequest() {
        assertThat(JobExample.all())
                .isNotEmpty()
                .filteredOn(example -> example.run().isEmpty())
                .allSatisfy(example -> assertThat(example.requests(Instant.EPOCH))
                        .extracting(each -> each.path("id").asString())
                        .containsExactlyInAnyOrderElementsOf(example.expected().keySet()));
    }

    private static RunningOfframp running(PartnerCenterSimulator simulator, Map<String, String> configuration) {
        return RunningOfframp.against(simulator)
                .on(TestDatabase.H2)
                .onFreshTopics()
                .with(configuration)
                .start();
    }
}
