package dev.offramp.partnercenter;

import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.pace.Pace;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the client, its tokens and its reading of answers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PartnerCenterProperties.class)
class PartnerCenterConfiguration {

    private static final Logger log = LoggerFactory.getLogger(PartnerCenterConfiguration.class);
    private static final Status NEEDS_PERSON = new Status("NEEDS_PERSON");
    private static final Duration LONGEST_TURN = Duration.ofSeconds(10);
    private static final Duration TOKEN_DEADLINE = Duration.ofSeconds(30);

    @Bean
    PartnerTenantId partnerTenantId(
            PartnerCenterProperties properties,
            @Value("${offramp.environment:" + Undeclared.ENVIRONMENT + "}") String environment) {
        properties.checkFor(environment);
        JdkClientSettings.check();
        return properties.tenant();
    }

    /** As whom, and with what, tokens are asked for. */
    @Bean
    MsalIssuer.Account appRegistration(
            PartnerCenterProperties properties,
            PartnerTenantId tenant,
            InstantSource clock,
            @Value("${offramp.mode:" + Undeclared.MODE + "}") String mode) {
        boolean live = mode.equalsIgnoreCase("live");
        return new MsalIssuer.Account(
                tenant,
                properties.clientId(),
                Credentials.of(properties, live, clock.instant()),
                properties.resource());
    }

    @Bean
    Issuer tokenIssuer(PartnerCenterProperties properties, MsalIssuer.Account account) {
        return new MsalIssuer(account, properties.authority(), properties.connectTimeout(), tokenDeadline(properties));
    }

    @Bean
    Seal seal(
            DataSource database,
            @Value("${offramp.encryption-key:}") String encryptionKey,
            @Value("${offramp.second-encryption-key:}") String secondKey,
            @Value("${offramp.home:${user.home}/.offramp}") Path home) {
        return EncryptionKey.seal(encryptionKey, secondKey, isShared(database), home.resolve("key"));
    }

    @Bean
    JdbcRefreshTokens refreshTokens(
            PartnerCenterProperties properties, JdbcClient jdbc, DataSource database, InstantSource clock, Seal seal) {
        Duration lease = tokenDeadline(properties).multipliedBy(3);
        return new JdbcRefreshTokens(
                jdbc,
                // Joins a transaction that is under way on the same database.
                new TransactionTemplate(new JdbcTransactionManager(database)),
                clock,
                seal,
                properties.refreshToken(),
                new JdbcRefreshTokens.Terms(lease, lease.plusSeconds(1), Duration.ofMillis(200), Thread::sleep));
    }

    @Bean
    Tokens tokens(
            PartnerCenterProperties properties,
            PartnerTenantId tenant,
            Issuer issuer,
            JdbcRefreshTokens refreshTokens) {
        return new Tokens(issuer, refreshTokens, tenant, properties.denialMemory(), System::nanoTime);
    }

    @Bean
    SignIns signIns(
            PartnerCenterProperties properties,
            MsalIssuer.Account account,
            Issuer issuer,
            JdbcRefreshTokens refreshTokens,
            Tokens tokens,
            InstantSource clock,
            Seal seal) {
        DeviceLogin devices = new DeviceLogin(
                account, properties.authority(), properties.connectTimeout(), tokenDeadline(properties), clock);
        return new SignIns(
                account,
                issuer,
                devices,
                refreshTokens,
                tokens,
                clock,
                seal,
                new SignIns.Terms(
                        Cloud.named(properties.cloud()),
                        properties.authority(),
                        properties.refreshTokenLifetime(),
                        properties.refreshTokenAlarm()));
    }

    @Bean
    SmartInitializingSingleton signInAtStart(
            PartnerCenterProperties properties,
            MsalIssuer.Account account,
            PartnerTenantId tenant,
            JdbcRefreshTokens refreshTokens) {
        Duration patience = properties.startPatience();
        Duration deadline = shorter(patience, tokenDeadline(properties));
        Issuer patient = new MsalIssuer(
                account, properties.authority(), shorter(deadline, properties.connectTimeout()), deadline);
        SignInAtStart check = new SignInAtStart(
                patient,
                tenant,
                refreshTokens,
                new SignInAtStart.Terms(
                        properties.signInAtStart(), patience, properties.authority(), System::nanoTime, Thread::sleep));
        return () -> {
            // In observe mode one may look around without an app registration.
            if (account.credential() == null) {
                log.warn(
                        "There is no app registration (offramp.partner-center.client-id): nothing can be read at Partner Center.");
            } else {
                check.afterSingletonsInstantiated();
            }
        };
    }

    @Bean
    SignInWatch signInWatch(
            PartnerCenterProperties properties,
            JdbcRefreshTokens refreshTokens,
            SignIns signIns,
            Tokens tokens,
            InstantSource clock) {
        return new SignInWatch(
                refreshTokens, signIns, tokens.of(Denial.USER_SIGN_IN), properties.refreshTokenUseEvery(), clock);
    }

    @Bean
    MeterBinder signInMeters(SignInWatch watch, Tokens tokens) {
        return registry -> {
            Gauge.builder("offramp.sign.in.expires", watch, SignInWatch::secondsLeft)
                    .description("How long the stored refresh token is still good")
                    .baseUnit("seconds")
                    .register(registry);
            for (Denial signIn : List.of(Denial.APP_SIGN_IN, Denial.USER_SIGN_IN)) {
                Gauge.builder(
                                "offramp.sign.in.usable",
                                tokens,
                                all -> all.of(signIn).refusal().isEmpty() ? 1 : 0)
                        .description("1 while nothing is known that speaks against the sign-in, else 0")
                        .tag("as", signIn == Denial.APP_SIGN_IN ? "application" : "user")
                        .register(registry);
            }
        };
    }

    /** What a person has to do is told, and makes nothing unhealthy: no restart signs in. */
    @Bean
    HealthIndicator partnerCenterSignInHealthIndicator(SignIns signIns) {
        return new AbstractHealthIndicator("The stored sign-in cannot be looked at") {
            @Override
            protected void doHealthCheck(Health.Builder builder) {
                SignInStatus status = signIns.status();
                builder.status(status.needsPerson().isEmpty() ? Status.UP : NEEDS_PERSON)
                        .withDetail("application", status.application().state())
                        .withDetail("user", status.user().state())
                        .withDetail("secondFactor", status.user().secondFactor())
                        .withDetail("needsPerson", status.needsPerson());
                if (status.user().expiresAt() != null) {
                    builder.withDetail("expiresAt", status.user().expiresAt());
                }
            }
        };
    }

    @Bean
    RestPartnerCenter partnerCenter(PartnerCenterProperties properties, Tokens tokens, InstantSource clock, Pace pace) {
        Access access = new Access(tokens, properties.userForApp(), properties.denialMemory(), System::nanoTime);
        Wire wire = new Wire(properties.connectTimeout(), properties.deadline());
        URI baseUrl = URI.create(properties.baseUrl().toString().replaceAll("/+$", ""));
        Repeats repeats = new Repeats(properties.readRepeats(), properties.readBackOff(), LONGEST_TURN, Thread::sleep);
        return new RestPartnerCenter(
                new Reading(baseUrl, wire, access, pace, clock, repeats),
                new Sending(baseUrl, wire, access, pace, clock, System::nanoTime),
                access);
    }

    private static Duration tokenDeadline(PartnerCenterProperties properties) {
        return shorter(properties.deadline(), TOKEN_DEADLINE);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static boolean isShared(DataSource database) {
        try {
            String product = JdbcUtils.extractDatabaseMetaData(database, "getDatabaseProductName");
            return DatabaseDriver.fromProductName(product) == DatabaseDriver.POSTGRESQL;
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("The database does not say what it is.", e);
        }
    }
}
