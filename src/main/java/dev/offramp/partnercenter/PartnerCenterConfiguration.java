package dev.offramp.partnercenter;

import dev.offramp.offboarding.PartnerTenantId;
import dev.offramp.partnercenter.pace.Pace;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the client, its tokens and its reading of answers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PartnerCenterProperties.class)
class PartnerCenterConfiguration {

    private static final Duration LONGEST_TURN = Duration.ofSeconds(10);
    private static final Duration TOKEN_DEADLINE = Duration.ofSeconds(30);

    @Bean
    PartnerTenantId partnerTenantId(
            PartnerCenterProperties properties, @Value("${offramp.environment:production}") String environment) {
        properties.checkFor(environment);
        JdkClientSettings.check();
        return properties.tenant();
    }

    @Bean
    Issuer tokenIssuer(PartnerCenterProperties properties, PartnerTenantId tenant) {
        return new MsalIssuer(
                new MsalIssuer.Account(tenant, properties.clientId(), properties.clientSecret(), properties.resource()),
                properties.authority(),
                properties.connectTimeout(),
                tokenDeadline(properties));
    }

    @Bean
    @ConditionalOnProperty(name = "offramp.mode", havingValue = "live")
    TenantCheck tenantCheck(Issuer issuer, PartnerTenantId tenant) {
        return new TenantCheck(issuer, tenant);
    }

    @Bean
    PartnerCenter partnerCenter(
            PartnerCenterProperties properties,
            PartnerTenantId tenant,
            Issuer issuer,
            JdbcClient jdbc,
            InstantSource clock,
            Pace pace,
            @Value("${offramp.encryption-key:}") String encryptionKey,
            @Value("${offramp.home:${user.home}/.offramp}") Path home) {
        Seal seal = new Seal(EncryptionKey.find(encryptionKey, home.resolve("key")));
        Duration lease = tokenDeadline(properties).multipliedBy(3);
        RefreshTokens refreshTokens = new JdbcRefreshTokens(
                jdbc,
                clock,
                seal,
                properties.refreshToken(),
                new JdbcRefreshTokens.Terms(lease, lease.plusSeconds(1), Duration.ofMillis(200), Thread::sleep));
        Tokens tokens = new Tokens(issuer, refreshTokens, tenant, properties.denialMemory(), System::nanoTime);
        Access access = new Access(tokens, properties.denialMemory(), System::nanoTime);
        Wire wire = new Wire(properties.connectTimeout(), properties.deadline());
        URI baseUrl = URI.create(properties.baseUrl().toString().replaceAll("/+$", ""));
        Repeats repeats = new Repeats(properties.readRepeats(), properties.readBackOff(), LONGEST_TURN, Thread::sleep);
        return new RestPartnerCenter(
                new Reading(baseUrl, wire, access, pace, clock, repeats),
                new Sending(baseUrl, wire, access, pace, clock, System::nanoTime),
                access);
    }

    private static Duration tokenDeadline(PartnerCenterProperties properties) {
        return properties.deadline().compareTo(TOKEN_DEADLINE) < 0 ? properties.deadline() : TOKEN_DEADLINE;
    }
}
