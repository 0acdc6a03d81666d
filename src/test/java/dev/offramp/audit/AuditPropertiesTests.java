package dev.offramp.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AuditPropertiesTests {

    @Test
    void sealEachSecondByDefault() {
        assertThat(bound(Map.of())).isEqualTo(new AuditProperties(Duration.ofSeconds(1), 500, Duration.ofSeconds(10)));
    }

    @ParameterizedTest
    @CsvSource({
        "poll-interval, 5s, offramp.audit.poll-interval is PT5S;",
        "poll-interval, 0s, offramp.audit.poll-interval is PT0S;",
        "block, 0, offramp.audit.block is 0;",
        "lease, 1s, offramp.audit.lease is PT1S;"
    })
    void refuseWhatWouldBreakThePromiseOfFiveSeconds(String key, String value, String sentence) {
        assertThatThrownBy(() -> bound(Map.of(key, value)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(sentence);
    }

    private static AuditProperties bound(Map<String, String> given) {
        var source = new MapConfigurationPropertySource();
        given.forEach((key, value) -> source.put("offramp.audit." + key, value));
        return new Binder(source).bindOrCreate("offramp.audit", AuditProperties.class);
    }
}
