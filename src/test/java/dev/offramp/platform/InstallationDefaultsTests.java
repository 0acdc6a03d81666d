package dev.offramp.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

class InstallationDefaultsTests {

    @ParameterizedTest
    @CsvSource({"target/home", "./target/home", "a/../target/home"})
    void makesARelativeHomeAbsoluteAsH2TakesNoOther(String home) {
        assertThat(homeFrom(home))
                .isEqualTo(Path.of("target/home").toAbsolutePath().toString());
    }

    @Test
    void expandsATildeThatNoShellHasExpanded() {
        assertThat(homeFrom("~/offramp"))
                .isEqualTo(Path.of(System.getProperty("user.home"), "offramp").toString());
    }

    @Test
    void choosesTheHiddenDirectoryOfTheUserWhereNothingIsSaid() {
        var environment = new MockEnvironment();
        new InstallationDefaults().postProcessEnvironment(environment, new SpringApplication());

        assertThat(environment.getProperty("offramp.home"))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".offramp").toString());
    }

    private static String homeFrom(String said) {
        var environment = new MockEnvironment().withProperty("offramp.home", said);
        new InstallationDefaults().postProcessEnvironment(environment, new SpringApplication());
        return environment.getProperty("offramp.home");
    }
}
