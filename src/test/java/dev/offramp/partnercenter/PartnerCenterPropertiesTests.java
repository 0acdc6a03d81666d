package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PartnerCenterPropertiesTests {

    @Test
    void hasTheDocumentedDefaults() {
        PartnerCenterProperties properties = bound(Map.of());

        assertThat(properties.baseUrl()).isEqualTo(URI.create("https://api.partnercenter.microsoft.com"));
        assertThat(properties.authority()).isEqualTo(URI.create("https://login.microsoftonline.com"));
        assertThat(properties.deadline()).isEqualTo(Duration.ofSeconds(60));
        assertThat(properties.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(properties.readRepeats()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "base-url, http://api.partnercenter.microsoft.com, https",
        "authority, http://login.example, https",
        "base-url, api.partnercenter.microsoft.com, https",
        "deadline, 0s, above zero",
        "read-repeats, 11, 0 to 10"
    })
    void saysInASentenceWhatIsWrong(String key, String value, String words) {
        assertThatThrownBy(() -> bound(Map.of(key, value)))
                .rootCause()
                .hasMessageContaining("offramp.partner-center." + key)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://127.0.0.1:8081", "http://localhost:8081", "http://[::1]:8081", "https://127.0.0.1:8081"})
    void allowsTheSimulatorInASandboxOnly(String address) {
        PartnerCenterProperties properties = bound(Map.of("base-url", address));

        assertThatCode(() -> properties.checkFor("sandbox")).doesNotThrowAnyException();
        assertThatThrownBy(() -> properties.checkFor("production"))
                .hasMessageContaining("offramp.environment is production")
                .hasMessageContaining("base-url");
    }

    @Test
    void allowsNoOtherEnvironment() {
        PartnerCenterProperties properties = bound(Map.of());

        assertThatCode(() -> properties.checkFor("PRODUCTION")).doesNotThrowAnyException();
        assertThatThrownBy(() -> properties.checkFor("staging")).hasMessageContaining("sandbox or production");
    }

    @Test
    void demandsTheTenant() {
        assertThatThrownBy(() -> bound(Map.of()).tenant()).hasMessageContaining("offramp.partner-center.tenant-id");
        assertThat(bound(Map.of("tenant-id", "0FF0A3B1-5C1E-4D2F-8A6B-7C9D1E2F3A4B"))
                        .tenant())
                .isEqualTo(TestClient.TENANT);
    }

    @Test
    void neverPrintsSecrets() {
        assertThat(bound(Map.of("client-secret", "s3cr3t", "refresh-token", "r3fr3sh")))
                .asString()
                .doesNotContain("s3cr3t", "r3fr3sh");
    }

    @Test
    void stopsWhenJavaWouldSendACallTwice() {
        assertThatThrownBy(() -> JdkClientSettings.check("")).hasMessageContaining(JdkClientSettings.RETRY_ALL);
        assertThatThrownBy(() -> JdkClientSettings.check("true")).hasMessageContaining("twice");
        assertThatCode(() -> JdkClientSettings.check("false")).doesNotThrowAnyException();
        assertThatCode(() -> JdkClientSettings.check(null)).doesNotThrowAnyException();
    }

    private static PartnerCenterProperties bound(Map<String, String> values) {
        Map<String, String> all = new HashMap<>();
        values.forEach((key, value) -> all.put("offramp.partner-center." + key, value));
        return new Binder(new MapConfigurationPropertySource(all))
                .bindOrCreate("offramp.partner-center", PartnerCenterProperties.class);
    }
}
