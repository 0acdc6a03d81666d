package dev.offramp.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.job.SourceBudgets.SourceBudget;
import dev.offramp.offboarding.Limit;
import dev.offramp.offboarding.Operation;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class RequestPropertiesTests {

    @Test
    void admitsThirtyDaysAndAQuarterOfAMegabyteUnlessToldOtherwise() {
        var properties = bind(Map.of());

        assertThat(properties.maxAge()).isEqualTo(Duration.ofDays(30));
        assertThat(properties.maxSize()).isEqualTo(DataSize.ofKilobytes(256));
        assertThat(properties.requireCustomerExpectation()).isTrue();
        assertThat(properties.allowedBySource()).isEmpty();
    }

    @Test
    void readsWhatEachSourceMayAskFor() {
        var properties = bind(Map.of(
                "offramp.request.sources[0].name", "/contoso/billing",
                "offramp.request.sources[0].operations", "cancel-subscription",
                "offramp.request.sources[1].name", "/contoso/crm"));

        assertThat(properties.allowedBySource())
                .isEqualTo(Map.of(
                        "/contoso/billing", Set.of(Operation.CANCEL_SUBSCRIPTION),
                        "/contoso/crm", Set.of(Operation.values())));
    }

    @Test
    void readsWhatMayBeTouchedForEachSource() {
        var properties = bind(Map.of(
                "offramp.request.sources[0].name", "/contoso/billing",
                "offramp.request.sources[0].customers", "20 or 1%",
                "offramp.request.sources[0].calls", "50",
                "offramp.request.sources[1].name", "/contoso/crm"));

        assertThat(properties.budgets().bySource())
                .isEqualTo(Map.of(
                        "/contoso/billing", new SourceBudget(Limit.of("20 or 1%"), Limit.of(50)),
                        "/contoso/crm", new SourceBudget(null, null)));
        assertThatThrownBy(() -> bind(Map.of(
                        "offramp.request.sources[0].name", "/contoso/billing",
                        "offramp.request.sources[0].calls", "many")))
                .rootCause()
                .hasMessageContaining("'many' is no limit");
    }

    @Test
    void stopsTheStartOverAnOperationThatDoesNotExist() {
        assertThatThrownBy(() -> bind(Map.of(
                        "offramp.request.sources[0].name", "/contoso/billing",
                        "offramp.request.sources[0].operations", "cancel-everything")))
                .rootCause()
                .hasMessage("There is no operation 'cancel-everything'");
    }

    @Test
    void stopsTheStartOverASourceThatStandsTwice() {
        var properties = bind(Map.of(
                "offramp.request.sources[0].name", "/contoso/billing",
                "offramp.request.sources[1].name", "/contoso/billing"));

        assertThatThrownBy(properties::allowedBySource).hasMessageContaining("stands twice");
    }

    @Test
    void stopsTheStartOverASourceWithoutAName() {
        assertThatThrownBy(() -> bind(Map.of("offramp.request.sources[0].operations", "cancel-subscription")))
                .rootCause()
                .hasMessage("A source in offramp.request.sources lacks its name");
    }

    private static RequestProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("offramp.request", Bindable.of(RequestProperties.class));
    }
}
