package dev.offramp.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RetentionPropertiesTests {

    @Test
    void haveDefaultsThatFitTogether() {
        var properties = bound(Map.of());

        assertThat(properties.details()).isEqualTo(Duration.ofDays(90));
        assertThat(properties.stubs()).isEqualTo(Duration.ofDays(400));
        assertThat(properties.at()).isEqualTo(LocalTime.of(3, 30));
        assertThat(properties.timeZone().getRules()).isEqualTo(ZoneOffset.UTC.getRules());
        assertThat(properties.fitting(Duration.ofDays(30))).isSameAs(properties);
    }

    @Test
    void refuseStubsThatARecordOfTheTopicOutlives() {
        var properties = bound(Map.of("stubs", "120d", "topic-retention", "100d"));

        assertThat(properties.fitting(Duration.ofDays(19))).isSameAs(properties);
        assertThatThrownBy(() -> properties.fitting(Duration.ofDays(20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "offramp.retention.stubs is 120d; it must be longer than offramp.retention.topic-retention (100d) and offramp.request.max-age (20d) together");
    }

    @Test
    void refuseStubsThatAreGoneBeforeTheirDetails() {
        assertThatThrownBy(() -> bound(Map.of("stubs", "89d")))
                .hasRootCauseMessage(
                        "offramp.retention.stubs is 89d and offramp.retention.details is 90d; a stub must be kept at least as long as the details");
    }

    @Test
    void refuseToForgetWhoChangedWhatBeforeTheDetails() {
        assertThatThrownBy(() -> bound(Map.of("audit", "89d")))
                .hasRootCauseMessage(
                        "offramp.retention.audit is 89d and offramp.retention.details is 90d; who changed what must be known at least as long as the details");
    }

    private static RetentionProperties bound(Map<String, String> given) {
        var source = new MapConfigurationPropertySource();
        given.forEach((key, value) -> source.put("offramp.retention." + key, value));
        return new Binder(source).bindOrCreate("offramp.retention", RetentionProperties.class);
    }
}
