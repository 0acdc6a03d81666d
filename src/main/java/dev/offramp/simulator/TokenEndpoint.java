package dev.offramp.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Gives out tokens for a client's proof, a person's code, or a refresh token, in the first (v1) and second (v2.0) form. */
final class TokenEndpoint {

    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    private final Settings settings;
    private final Tokens tokens;
    private final SignIns signIns;
    private final ClientProof proof;

    TokenEndpoint(Settings settings, Tokens tokens, SignIns signIns, ClientProof proof) {
        this.settings = settings;
        this.tokens = tokens;
        this.signIns = signIns;
        this.proof = proof;
    }

    HttpAnswer answer(HttpRequest request, Instant now) {
        if (!request.method().equals("POST")) {
            return HttpAnswer.text(405, "POST only");
        }
        Map<String, String> form = request.form();
        return proof.refuse(form, request.path(), now)
                .map(refusal -> refusal.answer(now))
                .orElseGet(() -> new Exchange(request.path().contains("/v2.0/"), form, now).answer());
    }

    private static boolean proves(@Nullable String verifier, String challenge, boolean hashed) {
        if (verifier == null) {
            return false;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            String expected = hashed ? Base64.getUrlEncoder().withoutPadding().encodeToString(digest) : verifier;
            return expected.equals(challenge);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One token request whose sender has been recognised. */
    private final class Exchange {

        private final boolean second;
        private final Map<String, String> form;
        private final Instant now;
        private final @Nullable String client;

        private Exchange(boolean second, Map<String, String> form, Instant now) {
            this.second = second;
            this.form = form;
            this.now = now;
            client = form.get("client_id");
        }

        private HttpAnswer answer() {
            String grant = form.getOrDefault("grant_type", "").toLowerCase(Locale.ROOT);
            return switch (grant) {
                case "client_credentials" -> application();
                case "refresh_token" -> renewed(form.getOrDefault("refresh_token", ""));
                case "authorization_code" -> code(form.getOrDefault("code", ""));
                case DEVICE_GRANT, "device_code" ->
                    device(form.getOrDefault("device_code", form.getOrDefault("code", "")));
                default -> refused("unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
            };
        }

        private HttpAnswer application() {
            String audience = audience();
            if (audience == null) {
                return withoutAudience();
            }
            ObjectNode body = lifetimes(audience);
            body.put("access_token", tokens.applicationToken(audience, client, now));
            return uncached(body);
        }

        private HttpAnswer renewed(String presented) {
            String audience = audience();
            if (audience == null) {
                return withoutAudience();
            }
            return switch (tokens.renew(presented, now)) {
                case Tokens.Renewal.Renewed(boolean multiFactor, String next) -> user(audience, multiFactor, next);
                case Tokens.Renewal.Unknown() ->
                    refused(
                            "invalid_grant",
                            70000,
                            "The provided refresh token has been used, revoked or was never issued. Sign in again.");
                case Tokens.Renewal.TooOld() ->
                    refused("invalid_grant", 700082, "The refresh token has expired due to inactivity.");
            };
        }

        private HttpAnswer code(String presented) {
            SignIns.Code code = signIns.redeem(presented).orElse(null);
            if (code == null) {
                return refused("invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.");
            }
            if (code.used()) {
                return refused("invalid_grant", 54005, "OAuth2 Authorization code was already redeemed.");
            }
            if (!now.isBefore(code.expires())) {
                return refused("invalid_grant", 70008, "The provided authorization code has expired.");
            }
            if (!code.client().equalsIgnoreCase(String.valueOf(client))) {
                return refused("invalid_grant", 700005, "The code was issued to another application.");
            }
            if (!code.redirectUri().equals(form.getOrDefault("redirect_uri", ""))) {
                return refused("invalid_grant", 500112, "The reply address does not match the one of the sign-in.");
            }
            if (code.challenge() != null && !proves(form.get("code_verifier"), code.challenge(), code.hashed())) {
                return refused("invalid_grant", 501481, "The Code_Verifier does not match the code_challenge.");
            }
            return signedIn(code.multiFactor());
        }

        private HttpAnswer device(String presented) {
            SignIns.Device device = signIns.device(presented).orElse(null);
            if (device == null || !device.client().equalsIgnoreCase(String.valueOf(client))) {
                return refused("bad_verification_code", 70019, "The device code is unknown.");
            }
            if (device.isOver(now)) {
                return refused("expired_token", 70020, "The device code has expired.");
            }
            if (device.asksTooSoon(now)) {
                return refused("slow_down", 70016, "The application asks too often.");
            }
            return switch (device.decision(now)) {
                case OPEN -> refused("authorization_pending", 70016, "The person has not signed in yet.");
                case DECLINED -> refused("authorization_declined", 70018, "The person declined.");
                case APPROVED -> {
                    signIns.forget(device);
                    yield signedIn(device.multiFactor());
                }
            };
        }

        private HttpAnswer signedIn(boolean multiFactor) {
            String audience = audience();
            return user(
                    audience == null ? settings.audience() : audience, multiFactor, tokens.granted(multiFactor, now));
        }

        private HttpAnswer user(String audience, boolean multiFactor, @Nullable String refreshToken) {
            ObjectNode body = lifetimes(audience);
            body.put("scope", second ? audience + "/user_impersonation" : "user_impersonation");
            body.put("access_token", tokens.userToken(audience, client, multiFactor, now));
            if (refreshToken != null) {
                body.put("refresh_token", refreshToken);
            }
            body.put("id_token", tokens.idToken(client, now));
            body.put("client_info", tokens.clientInfo());
            return uncached(body);
        }

        private ObjectNode lifetimes(String audience) {
            long seconds = settings.signIn().accessTokenLifetime().toSeconds();
            ObjectNode body = Json.object().put("token_type", "Bearer");
            if (second) {
                return body.put("expires_in", seconds).put("ext_expires_in", seconds);
            }
            // The first form gives its numbers as text.
            return body.put("expires_in", Long.toString(seconds))
                    .put("ext_expires_in", Long.toString(seconds))
                    .put("expires_on", Long.toString(now.getEpochSecond() + seconds))
                    .put("not_before", Long.toString(now.getEpochSecond()))
                    .put("resource", audience);
        }

        private @Nullable String audience() {
            if (!second) {
                return form.get("resource");
            }
            for (String scope : form.getOrDefault("scope", "").split(" ")) {
                int end = scope.lastIndexOf('/');
                if (scope.startsWith("https://") && end > "https://".length()) {
                    return scope.substring(0, end);
                }
            }
            return null;
        }

        private HttpAnswer withoutAudience() {
            return refused("invalid_request", 900144, "The request body must contain 'scope' or 'resource'.");
        }

        private HttpAnswer refused(String error, int number, String text) {
            return new Refusal(400, error, number, text).answer(now);
        }

        private static HttpAnswer uncached(ObjectNode body) {
            return HttpAnswer.json(200, Json.text(body)).with("Cache-Control", "no-store");
        }
    }
}
