package dev.offramp.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
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
    private final SignInSettings signIn;
    private final Map<String, Grant> grants = new HashMap<>();
    private String refreshToken;
    private int refreshes;
    private int generation;

    Tokens(Settings settings, Instant now) {
        this.settings = settings;
        signIn = settings.signIn();
        refreshToken = signIn.refreshToken();
        grants.put(refreshToken, new Grant(signIn.multiFactor(), now.plus(signIn.refreshTokenLifetime()), false));
    }

    /** The refresh token that works now. */
    synchronized String refreshToken() {
        return refreshToken;
    }

    /** Every access token given out so far is refused from now on. */
    synchronized void revoke() {
        generation++;
    }

    /** Every refresh token given out so far is refused from now on: a person must sign in again. */
    synchronized void forgetRefreshTokens() {
        grants.replaceAll((token, grant) -> new Grant(grant.multiFactor(), Instant.MIN, true));
    }

    /** Begins a line of refresh tokens with a person's sign-in. */
    synchronized String granted(boolean multiFactor, Instant now) {
        refreshToken = signIn.refreshToken() + "." + ++refreshes;
        grants.put(refreshToken, new Grant(multiFactor, now.plus(signIn.refreshTokenLifetime()), false));
        return refreshToken;
    }

    /** The grant behind a refresh token, or why there is none. A new token follows the old one, which is used up. */
    synchronized Renewal renew(String presented, Instant now) {
        Grant grant = grants.get(presented);
        if (grant == null || (grant.used() && !signIn.refreshTokenReuse())) {
            return new Renewal.Unknown();
        }
        if (!now.isBefore(grant.expires())) {
            return new Renewal.TooOld();
        }
        if (!signIn.refreshTokenAnswered()) {
            return new Renewal.Renewed(grant.multiFactor(), null);
        }
        grants.put(presented, new Grant(grant.multiFactor(), grant.expires(), true));
        return new Renewal.Renewed(grant.multiFactor(), granted(grant.multiFactor(), now));
    }

    String applicationToken(String audience, @Nullable String clientId, Instant now) {
        ObjectNode claims = claims(audience, clientId, now);
        claims.put("oid", Scenario.derived("application")).put("idtyp", "app");
        claims.putArray("roles");
        return jwt(claims);
    }

    String userToken(String audience, @Nullable String clientId, boolean multiFactor, Instant now) {
        ObjectNode claims = claims(audience, clientId, now);
        claims.put("scp", "user_impersonation").put("oid", USER).put("name", "Admin Agent");
        claims.put("upn", "admin.agent@partner.example").put("acr", "1");
        claims.putArray("amr").add("pwd");
        if (multiFactor) {
            claims.withArray("/amr").add("mfa");
        }
        return jwt(claims);
    }

    private synchronized ObjectNode claims(String audience, @Nullable String clientId, Instant now) {
        return Json.object()
                .put("aud", audience)
                .put("iss", "https://sts.windows.net/" + settings.partnerTenantId() + "/")
                .put("iat", now.getEpochSecond())
                .put("nbf", now.getEpochSecond())
                .put("exp", now.plus(signIn.accessTokenLifetime()).getEpochSecond())
                .put("appid", clientId == null ? "" : clientId)
                .put("tid", settings.partnerTenantId())
                .put("ver", "1.0")
                .put("generation", generation);
    }

    String idToken(@Nullable String clientId, Instant now) {
        return jwt(Json.object()
                .put("aud", clientId == null ? "" : clientId)
                .put("iss", "https://login.microsoftonline.com/" + settings.partnerTenantId() + "/v2.0")
                .put("iat", now.getEpochSecond())
                .put("nbf", now.getEpochSecond())
                .put("exp", now.plus(signIn.accessTokenLifetime()).getEpochSecond())
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

    private record Grant(boolean multiFactor, Instant expires, boolean used) {}

    /** What became of a presented refresh token. */
    sealed interface Renewal {

        /** @param refreshToken absent when the old one goes on working */
        record Renewed(boolean multiFactor, @Nullable String refreshToken) implements Renewal {}

        /** It was never given out, revoked, or used before. */
        record Unknown() implements Renewal {}

        /** It was not used for too long. */
        record TooOld() implements Renewal {}
    }
}
