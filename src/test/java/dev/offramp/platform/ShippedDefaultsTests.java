package dev.offramp.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

/** Defaults of the service without which a trap of docs/adr/README.md would be open. */
class ShippedDefaultsTests {

    @ParameterizedTest
    @CsvSource(textBlock = """
            spring.batch.jdbc.isolation-level-for-create,  read_committed
            spring.batch.jdbc.initialize-schema,           never
            spring.batch.job.enabled,                      false
            spring.datasource.hikari.transaction-isolation, TRANSACTION_READ_COMMITTED
            spring.http.clients.imperative.factory,        jdk
            spring.http.clients.redirects,                 dont-follow
            """)
    void areSet(String key, String value) throws IOException {
        assertThat(valueOf(key)).hasToString(value);
    }

    @ParameterizedTest
    @CsvSource({"spring.datasource.url, DB_CLOSE_ON_EXIT=FALSE"})
    void contain(String key, String part) throws IOException {
        assertThat(String.valueOf(valueOf(key))).contains(part);
    }

    private static Object valueOf(String key) throws IOException {
        List<PropertySource<?>> shipped =
                new YamlPropertySourceLoader().load("shipped", new ClassPathResource("application.yaml"));
        return shipped.getFirst().getProperty(key);
    }
}
