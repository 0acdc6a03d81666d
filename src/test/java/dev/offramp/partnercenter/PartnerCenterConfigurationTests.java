package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.pace.Pace;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.testing.OnBothDatabases;
import dev.offramp.testing.TestDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The wiring, on both databases, live against the simulator. */
@OnBothDatabases
class PartnerCenterConfigurationTests {

    private static final CustomerId CUSTOMER = CustomerId.of("c0000000-0000-4000-8000-00000000000a");

    private final HikariDataSource database;
    private final PartnerCenterSimulator simulator = PartnerCenterSimulator.start(
            Scenario.builder()
                    .application("app", "secret")
                    .refreshToken("rt")
                    .customer("Contoso", c -> c.id(CUSTOMER.value()).reservation("reservedinstance"))
                    .build(),
            0);

    @TempDir
    private Path home;

    PartnerCenterConfigurationTests(TestDatabase kind) {
        database = kind.fresh();
    }

    @AfterEach
    void close() {
        simulator.close();
        database.close();
    }

    @Test
    void readsWithBothSignInsAndKeepsTheRotatedToken() {
        runner(simulator.scenario().partnerTenantId()).run(context -> {
            PartnerCenter partnerCenter = context.getBean(PartnerCenter.class);
            assertThat(partnerCenter.customer(CUSTOMER)).isInstanceOf(Read.Found.class);
            assertThat(partnerCenter.entitlements(CUSTOMER)).isInstanceOf(Read.Found.class);
            assertThat(context).hasSingleBean(Pace.class).hasSingleBean(PartnerTenantId.class);
        });
        // The token of the configuration has been used up by now.
        runner(simulator.scenario().partnerTenantId())
                .run(context -> assertThat(context.getBean(PartnerCenter.class).entitlements(CUSTOMER))
                        .isInstanceOf(Read.Found.class));
    }

    @Test
    void doesNotStartWithTheTokenOfAnotherTenant() {
        // The token endpoint of one tenant answers for another: what counts is the token.
        try (RawServer stranger = new RawServer()) {
            stranger.thenAnswers(
                    200,
                    "Content-Type: application/json\r\n",
                    "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"h.eyJ0aWQiOiJzb21lYm9keSBlbHNlIn0.s\"}");
            runner(simulator.scenario().partnerTenantId())
                    .withPropertyValues("offramp.partner-center.authority=" + stranger.address())
                    .run(context -> assertThat(context.getStartupFailure())
                            .hasMessageContaining("belongs to tenant somebody else"));
        }
    }

    @Test
    void doesNotStartInProductionAgainstTheSimulator() {
        runner(simulator.scenario().partnerTenantId())
                .withPropertyValues("offramp.environment=production")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("offramp.environment is production"));
    }

    @Test
    void doesNotStartWithoutATenant() {
        runner("")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("offramp.partner-center.tenant-id is missing"));
    }

    private ApplicationContextRunner runner(String tenant) {
        return new ApplicationContextRunner()
                .withBean("database", HikariDataSource.class, () -> database, bean -> bean.setDestroyMethodName(""))
                .withBean(JdbcClient.class, () -> JdbcClient.create(database))
                .withBean(InstantSource.class, InstantSource::system)
                .withUserConfiguration(Wiring.class)
                .withPropertyValues(
                        "offramp.home=" + home,
                        "offramp.encryption-key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                        "offramp.mode=live",
                        // Nobody declares an environment: that is a sandbox, where alone a simulator is allowed.
                        "offramp.partner-center.base-url=" + simulator.baseUri(),
                        "offramp.partner-center.authority=" + simulator.baseUri(),
                        "offramp.partner-center.tenant-id=" + tenant,
                        "offramp.partner-center.client-id=app",
                        "offramp.partner-center.client-secret=secret",
                        "offramp.partner-center.refresh-token=rt");
    }

    @Configuration(proxyBeanMethods = false)
    @ComponentScan(
            basePackageClasses = PartnerCenter.class,
            excludeFilters =
                    @ComponentScan.Filter(
                            type = org.springframework.context.annotation.FilterType.REGEX,
                            pattern = ".*Tests.*"))
    static class Wiring {}
}
