package dev.offramp.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives out and recognises tokens that look like those of Microsoft Entra ID. They are not signed: the third part only
 * tells our own tokens from others.
 */
final class Tokens {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final String USER = Scenario.derived("user admin agent");

    private final Settings settings;
    private final Set<String> usedRefreshTokens = new HashSet<>();
    private String refreshToken;
    private int refreshes;
    private int generation;

    Tokens(Settings settings) {
        this.settings = settings;
        refreshToken = settings.refreshToken();
    }

    /** The refresh token that works now. */
    synchronized String refreshToken() {
        return refreshToken;
    }

    /** Every access token given out so far is refused from now on. */
    synchronized void revoke() {
        generation++;
    }

    /** @return false when the token was never given out, or was used before and the scenario is strict */
    synchronized boolean rotate(String presented) {
        boolean known =
                presented.equals(refreshToken) || (settings.lenientRefresh() && usedRefreshTokens.contains(presented));
        if (known) {
            usedRefreshTokens.add(refreshToken);
            refreshes++;
            refreshToken = settings.refreshToken() + "." + refreshes;
        }
        return known;
    }

    synchronized String accessToken(boolean user, String audience, @Nullable String clientId, Instant now) {
        ObjectNode claims = Json.object()
                .put("aud", audience)
                .put("iss", "https://sts.windows.net/" + settings.partnerTenantId() + "/")
                .put("iat", now.getEpochSecond())
                .put("nbf", now.getEpochSecond())
                .put("exp", now.plus(settings.accessTokenLifetime()).getEpochSecond())
                .put("appid", clientId == null ? "" : clientId)
                .put("tid", settings.partnerTenantId())
                .put("ver", "1.0")
                .put("generation", generation);
        if (user) {
            claims.put("scp", "user_impersonation").put("oid", USER).put("name", "Admin Agent");
            claims.put("upn", "admin.agent@partner.example").put("acr", "1");
            claims.putArray("amr").add("pwd");
            if (settings.multiFactor()) {
                claims.withArray("/amr").add("mfa");
            }
        } else {
            claims.put("oid", Scenario.derived("application")).put("idtyp", "app");
            claims.putArray("roles");
        }
        return jwt(claims);
    }

    String idToken(@Nullable String clientId, Instant now) {
        return jwt(Json.object()
                .put("aud", clientId == null ? "" : clientId)
                .put("iss", "https://login.microsoftonline.com/" + settings.partnerTenantId() + "/v2.0")
                .put("iat", now.getEpochSecond())
                .put("nbf", now.getEpochSecond())
                .put("exp", now.plus(settings.accessTokenLifetime()).getEpochSecond())
                .put("name", "Admin Agent")
                .put("preferred_username", "admin.agent@partner.example")
                .put("oid", USER)
                .put("sub", USER)
                .put("tid", settings.partnerTenantId())
                .put("ver", "2.0"));
    }

    String clientInfo() {
        String plain = Json.text(Json.object().put("uid", USER).put("utid", settings.partnerTenantId()));
        return URL.encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** Whose token this is, or why it opens nothing. */
    synchronized Bearer recognise(String authorization, Instant now) {
        if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Bearer.NONE;
        }
        String[] parts = authorization.substring(7).trim().split("\\.");
        if (parts.length != 3 || !parts[2].equals(seal(parts[0] + "." + parts[1]))) {
            return Bearer.UNKNOWN;
        }
        JsonNode claims = claims(parts[1]);
        if (claims.path("exp").asLong(0) <= now.getEpochSecond()
                || claims.path("generation").asInt(-1) < generation) {
            return Bearer.EXPIRED;
        }
        if (!claims.path("aud").asString("").equals(settings.audience())) {
            return Bearer.WRONG_AUDIENCE;
        }
        if (!claims.has("scp")) {
            return Bearer.APPLICATION;
        }
        return claims.path("amr").toString().contains("mfa") ? Bearer.USER : Bearer.USER_WITHOUT_SECOND_FACTOR;
    }

    private static JsonNode claims(String part) {
        try {
            return Json.read(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | JacksonException e) {
            return Json.object();
        }
    }

    private static String jwt(ObjectNode claims) {
        String head = URL.encodeToString(Json.text(Map.of("alg", "none")).getBytes(StandardCharsets.UTF_8));
        String content = head + "." + URL.encodeToString(Json.text(claims).getBytes(StandardCharsets.UTF_8));
        return content + "." + seal(content);
    }

    private static String seal(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("simulator " + content).getBytes(StandardCharsets.UTF_8));
            return URL.encodeToString(digest).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a request's Authorization header turned out to be. */
    enum Bearer {
        NONE,
        UNKNOWN,
        EXPIRED,
        WRONG_AUDIENCE,
        APPLICATION,
        USER,
        USER_WITHOUT_SECOND_FACTOR
    }
}
