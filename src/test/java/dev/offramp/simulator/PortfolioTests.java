package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PortfolioTests {

    @Test
    void makesTheSameCustomersForTheSameSeed() {
        Scenario once = Scenario.portfolio(200, 7, Map.of());

        assertThat(Scenario.portfolio(200, 7, Map.of()).customers()).isEqualTo(once.customers());
        assertThat(Scenario.portfolio(200, 8, Map.of()).customers()).isNotEqualTo(once.customers());
    }

    @Test
    void keepsToTheMix() {
        Map<Kind, Long> kinds = Scenario.portfolio(2000, 1, Map.of("new-commerce", 3, "legacy", 1)).customers().stream()
                .flatMap(customer -> customer.subscriptions().stream())
                .collect(Collectors.groupingBy(SubscriptionSeed::kind, Collectors.counting()));

        assertThat(kinds).containsOnlyKeys(Kind.NEW_COMMERCE, Kind.LEGACY);
        assertThat((double) kinds.get(Kind.NEW_COMMERCE) / kinds.get(Kind.LEGACY))
                .isBetween(2.6, 3.4);
    }

    @Test
    void spellsItselfOutAsAFileThatHoldsTheSame() {
        Scenario scenario = Scenario.portfolio(50, 3, Map.of());

        Scenario again = Scenario.parse(scenario.spelledOut());

        assertThat(again.customers())
                .extracting(CustomerSeed::id)
                .isEqualTo(scenario.customers().stream().map(CustomerSeed::id).toList());
        try (PartnerCenterSimulator one =
                        PartnerCenterSimulator.start(scenario, 0, new HandClock("2026-11-20T10:00:00Z"));
                PartnerCenterSimulator other =
                        PartnerCenterSimulator.start(again, 0, new HandClock("2026-11-20T10:00:00Z"))) {
            assertThat(other.state()).isEqualTo(one.state());
        }
    }

    @Test
    void refusesAnUnknownKind() {
        assertThatThrownBy(() -> Scenario.portfolio(5, 1, Map.of("telephone", 1)))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("/portfolio");
    }
}
