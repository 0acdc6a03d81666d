package dev.offramp.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Answers token requests like Microsoft Entra ID, in its first (v1) and second (v2.0) form. */
final class TokenEndpoint {

    private final Settings settings;
    private final Tokens tokens;

    TokenEndpoint(Settings settings, Tokens tokens) {
        this.settings = settings;
        this.tokens = tokens;
    }

    static boolean serves(HttpRequest request) {
        return request.path().matches("/[^/]+/oauth2/(v2\\.0/)?token");
    }

    HttpAnswer answer(HttpRequest request, Instant now) {
        if (!request.method().equals("POST")) {
            return HttpAnswer.text(405, "POST only");
        }
        boolean second = request.path().contains("/v2.0/");
        String tenant = request.segments().getFirst();
        if (!tenant.equals(settings.partnerTenantId())) {
            return error(400, "invalid_request", 90002, "Tenant '" + tenant + "' not found.", now);
        }
        Map<String, String> form = request.form();
        String client = form.get("client_id");
        if (settings.clientId() != null && !settings.clientId().equals(client)) {
            return error(400, "unauthorized_client", 700016, "Application '" + client + "' was not found.", now);
        }
        if (settings.clientSecret() != null
                && !form.containsKey("client_assertion")
                && !settings.clientSecret().equals(form.get("client_secret"))) {
            return error(401, "invalid_client", 7000215, "Invalid client secret provided.", now);
        }
        String audience = audience(form, second);
        if (audience == null) {
            return error(400, "invalid_request", 900144, "The body must contain scope or resource.", now);
        }
        return switch (form.getOrDefault("grant_type", "").toLowerCase(Locale.ROOT)) {
            case "client_credentials" -> application(second, audience, client, now);
            case "refresh_token" -> user(second, audience, client, form.getOrDefault("refresh_token", ""), now);
            default -> error(400, "unsupported_grant_type", 70003, "The grant type is not supported.", now);
        };
    }

    private HttpAnswer application(boolean second, String audience, @Nullable String client, Instant now) {
        ObjectNode body = lifetimes(second, audience, now);
        body.put("access_token", tokens.accessToken(false, audience, client, now));
        return uncached(body);
    }

    private HttpAnswer user(
            boolean second, String audience, @Nullable String client, String refreshToken, Instant now) {
        if (!tokens.rotate(refreshToken)) {
            return error(
                    400,
                    "invalid_grant",
                    70000,
                    "The provided refresh token has been used, revoked or was never issued. Sign in again.",
                    now);
        }
        ObjectNode body = lifetimes(second, audience, now);
        body.put("scope", second ? audience + "/user_impersonation" : "user_impersonation");
        body.put("access_token", tokens.accessToken(true, audience, client, now));
        body.put("refresh_token", tokens.refreshToken());
        body.put("id_token", tokens.idToken(client, now));
        body.put("client_info", tokens.clientInfo());
        return uncached(body);
    }

    private ObjectNode lifetimes(boolean second, String audience, Instant now) {
        long seconds = settings.accessTokenLifetime().toSeconds();
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

    private static @Nullable String audience(Map<String, String> form, boolean second) {
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

    private static HttpAnswer uncached(ObjectNode body) {
        return HttpAnswer.json(200, Json.text(body)).with("Cache-Control", "no-store");
    }

    private static HttpAnswer error(int status, String error, int number, String text, Instant now) {
        String trace = Scenario.derived("trace " + now);
        String correlation = Scenario.derived("correlation " + now);
        ObjectNode body = Json.object()
                .put("error", error)
                .put(
                        "error_description",
                        "AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s"
                                .formatted(number, text, trace, correlation, now));
        List.of(number).forEach(body.putArray("error_codes")::add);
        body.put("timestamp", now.toString()).put("trace_id", trace).put("correlation_id", correlation);
        return HttpAnswer.json(status, Json.text(body));
    }
}
