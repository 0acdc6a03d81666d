package dev.offramp.partnercenter;

import dev.offramp.offboarding.PartnerTenantId;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Partner Center is and who we are there.
 *
 * @param baseUrl address of the API, without {@code /v1}; https, or http on this machine for the simulator
 * @param authority where tokens come from; https, or http on this machine for the simulator
 * @param resource what the tokens are asked for; in the 21Vianet cloud its own base URL
 * @param tenantId the GUID of the partner's own tenant
 * @param clientId the app registration
 * @param clientSecret its secret; without it there are no calls
 * @param refreshToken what a person's sign-in left behind, taken over once; kept encrypted from then on
 * @param connectTimeout how long connecting may take
 * @param deadline how long a call may take in all, its answer included
 * @param readRepeats how often a read is repeated after a failed connection, a timeout or a server error
 * @param readBackOff how long to wait before the first repeat; doubled each time, with jitter
 * @param denialMemory how long no further sign-in is tried after one was refused
 */
@ConfigurationProperties("offramp.partner-center")
record PartnerCenterProperties(
        @DefaultValue("https://api.partnercenter.microsoft.com")
        URI baseUrl,

        @DefaultValue("https://login.microsoftonline.com") URI authority,

        @DefaultValue("https://api.partnercenter.microsoft.com")
        String resource,

        @Nullable String tenantId,
        @DefaultValue("") String clientId,
        @DefaultValue("") String clientSecret,
        @DefaultValue("") String refreshToken,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("60s") Duration deadline,
        @DefaultValue("3") int readRepeats,
        @DefaultValue("500ms") Duration readBackOff,
        @DefaultValue("1m") Duration denialMemory) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    PartnerCenterProperties {
        address(baseUrl, "base-url");
        address(authority, "authority");
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
                if (isLoopback(baseUrl) || isLoopback(authority)) {
                    throw new IllegalArgumentException(
                            "offramp.environment is production, but offramp.partner-center.%s is an address of this machine; the simulator is allowed only as sandbox."
                                    .formatted(isLoopback(baseUrl) ? "base-url" : "authority"));
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
