package dev.offramp.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SourceTopicsTests {

    @Test
    void areReadBesideTheOneThatSourcesShare() {
        assertThat(topics("billing", "crm").all()).containsExactly("offramp.requests", "billing", "crm");
        assertThat(topics().all()).containsExactly("offramp.requests");
        assertThat(topics("billing", "").own()).isEqualTo(Map.of("/contoso/0", "billing"));
    }

    @Test
    void proveNothingWhenOthersWriteThereToo() {
        assertThatThrownBy(() -> topics("billing", "billing")).hasMessageContaining("is another source's already");
        assertThatThrownBy(() -> topics("offramp.requests")).hasMessageContaining("which all sources share");
        assertThatThrownBy(() -> topics("offramp.outcomes")).hasMessageContaining("to which Offramp itself writes");
        assertThatThrownBy(() -> topics("a topic"))
                .rootCause()
                .hasMessageContaining("'a topic', the topic of the source '/contoso/0', is no name that Kafka allows");
    }

    private static SourceTopics topics(String... own) {
        var properties = new LinkedHashMap<String, String>();
        for (int number = 0; number < own.length; number++) {
            properties.put("offramp.request.sources[%d].name".formatted(number), "/contoso/" + number);
            if (!own[number].isEmpty()) {
                properties.put("offramp.request.sources[%d].topic".formatted(number), own[number]);
            }
        }
        var binder = new Binder(new MapConfigurationPropertySource(properties));
        return SourceTopics.of(
                binder.bindOrCreate("offramp.request", RequestProperties.class),
                binder.bindOrCreate("offramp.topics", TopicsProperties.class));
    }
}
