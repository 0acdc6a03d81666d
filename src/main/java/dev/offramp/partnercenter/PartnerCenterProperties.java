package dev.offramp.partnercenter;

import dev.offramp.offboarding.PartnerTenantId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Partner Center is and who we are there.
 *
 * @param cloud global, us-government or 21vianet: where the partner's own tenant is
 * @param baseUrl address of the API, without {@code /v1}, where it is not the cloud's; https, or http on this machine for
 *     the simulator
 * @param authority where tokens come from, where it is not the cloud's; https, or http on this machine for the simulator
 * @param resource what the tokens are asked for, where it is not the cloud's
 * @param tenantId the GUID of the partner's own tenant
 * @param clientId the app registration
 * @param clientSecret its secret; live mode does not start without it or one of the next two
 * @param clientSecretFile a file that holds its secret, instead of client-secret
 * @param certificate its certificate instead of a secret: a PEM file with the certificate, its chain and, if it is not
 *     elsewhere, its key; or a PKCS#12 file
 * @param certificateKey a PEM file with the certificate's private key, when it is not in the certificate's own file
 * @param certificatePassword password of that key or of the PKCS#12 file
 * @param refreshToken what a person's sign-in left behind, taken over once; kept encrypted from then on; bin/offramp login
 *     makes it needless
 * @param refreshTokenLifetime how long a refresh token is good when it is not used
 * @param refreshTokenAlarm how long before the end of the refresh token a person is told
 * @param refreshTokenUseEvery how often it is used at least, also when there is nothing to do, so that its time begins anew
 * @param signInAtStart whether the service insists on a sign-in of the application before it starts
 * @param startPatience how long the start waits for the authority's answer
 * @param connectTimeout how long connecting may take
 * @param deadline how long a call may take in all, its answer included
 * @param readRepeats how often a read is repeated after a failed connection, a timeout or a server error
 * @param readBackOff how long to wait before the first repeat; doubled each time, with jitter
 * @param denialMemory how long no further sign-in is tried after one was refused
 * @param userForApp when the sign-in of a user makes a kind of call that Partner Center refuses to the app alone: never;
 *     documented, which is 403/900329; or any, which is also 401 for want of a second factor
 */
@ConfigurationProperties("offramp.partner-center")
record PartnerCenterProperties(
        @DefaultValue("global") String cloud,
        @Nullable URI baseUrl,
        @Nullable URI authority,
        @Nullable String resource,
        @Nullable String tenantId,
        @DefaultValue("") String clientId,
        @DefaultValue("") String clientSecret,
        @Nullable Path clientSecretFile,
        @Nullable Path certificate,
        @Nullable Path certificateKey,
        @DefaultValue("") String certificatePassword,
        @DefaultValue("") String refreshToken,
        @DefaultValue("90d") Duration refreshTokenLifetime,
        @DefaultValue("14d") Duration refreshTokenAlarm,
        @DefaultValue("1d") Duration refreshTokenUseEvery,
        @DefaultValue("true") boolean signInAtStart,
        @DefaultValue("30s") Duration startPatience,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("60s") Duration deadline,
        @DefaultValue("3") int readRepeats,
        @DefaultValue("500ms") Duration readBackOff,
        @DefaultValue("1m") Duration denialMemory,
        @DefaultValue("documented") UserForApp userForApp) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    PartnerCenterProperties {
        Cloud where = Cloud.named(cloud);
        baseUrl = baseUrl == null ? where.baseUrl() : baseUrl;
        authority = authority == null ? where.authority() : authority;
        resource = resource == null || resource.isBlank() ? where.resource() : resource;
        address(baseUrl, "base-url");
        address(authority, "authority");
        check(where.refusalOfApi(baseUrl));
        check(where.refusalOfAuthority(authority));
        positive(refreshTokenLifetime, "refresh-token-lifetime");
        positive(refreshTokenAlarm, "refresh-token-alarm");
        positive(refreshTokenUseEvery, "refresh-token-use-every");
        positive(startPatience, "start-patience");
        positive(connectTimeout, "connect-timeout");
        positive(deadline, "deadline");
        positive(readBackOff, "read-back-off");
        positive(denialMemory, "denial-memory");
        if (connectTimeout.compareTo(deadline) > 0) {
            connectTimeout = deadline;
        }
        if (readRepeats < 0 || readRepeats > 10) {
            throw new IllegalArgumentException(
                    "offramp.partner-center.read-repeats is %d; write 0 to 10.".formatted(readRepeats));
        }
    }

    private static void check(Optional<String> refusal) {
        refusal.ifPresent(sentence -> {
            throw new IllegalArgumentException(sentence);
        });
    }

    @Override
    public URI baseUrl() {
        return Objects.requireNonNull(baseUrl);
    }

    @Override
    public URI authority() {
        return Objects.requireNonNull(authority);
    }

    @Override
    public String resource() {
        return Objects.requireNonNull(resource);
    }

    /** @throws IllegalArgumentException with a sentence when it is missing or no GUID */
    PartnerTenantId tenant() {
        if (tenantId == null || tenantId.isBlank()) {
            throw new IllegalArgumentException(
                    "offramp.partner-center.tenant-id is missing; write the GUID of the partner's own Microsoft tenant.");
        }
        return PartnerTenantId.of(tenantId);
    }

    /** Whether the addresses suit what the operator says this installation is. */
    void checkFor(String environment) {
        switch (environment.toLowerCase(Locale.ROOT)) {
            case "sandbox" -> {}
            case "production" -> {
                if (isLoopback(baseUrl()) || isLoopback(authority())) {
                    throw new IllegalArgumentException(
                            "offramp.environment is production, but offramp.partner-center.%s is an address of this machine; the simulator is allowed only as sandbox."
                                    .formatted(isLoopback(baseUrl()) ? "base-url" : "authority"));
                }
            }
            default ->
                throw new IllegalArgumentException(
                        "offramp.environment is '%s'; write sandbox or production.".formatted(environment));
        }
    }

    static boolean isLoopback(URI address) {
        return address.getHost() != null && LOOPBACK.contains(address.getHost().toLowerCase(Locale.ROOT));
    }

    private static void address(URI address, String key) {
        boolean https = "https".equalsIgnoreCase(address.getScheme()) && address.getHost() != null;
        boolean simulator = "http".equalsIgnoreCase(address.getScheme()) && isLoopback(address);
        if (!https && !simulator) {
            throw new IllegalArgumentException(
                    "offramp.partner-center.%s is '%s'; write an https address (http only for the simulator on 127.0.0.1)."
                            .formatted(key, address));
        }
    }

    private static void positive(Duration value, String key) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "offramp.partner-center.%s is %s; write a duration above zero, e.g. 30s.".formatted(key, value));
        }
    }

    @Override
    public String toString() {
        return "PartnerCenterProperties[baseUrl=%s, authority=%s, tenantId=%s, clientId=%s, secrets not shown]"
                .formatted(baseUrl, authority, tenantId, clientId);
    }
}
