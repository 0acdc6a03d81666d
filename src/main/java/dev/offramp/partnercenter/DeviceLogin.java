package dev.offramp.partnercenter;

import dev.offramp.partnercenter.Issuer.Issue;
import dev.offramp.partnercenter.MsalIssuer.Account;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A person's sign-in on another device, where the directory allows it. MSAL knows it for applications without a secret
 * only, so that these two requests are ours.
 */
final class DeviceLogin {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";
    private static final int LARGEST = 1024 * 1024;

    private final Account account;
    private final URI tenantAddress;
    private final Duration deadline;
    private final InstantSource clock;
    private final HttpClient http;

    DeviceLogin(Account account, URI authority, Duration connectTimeout, Duration deadline, InstantSource clock) {
        this.account = account;
        this.deadline = deadline;
        this.clock = clock;
        tenantAddress =
                URI.create(authority.toString().replaceAll("/+$", "") + "/" + account.tenant() + "/oauth2/v2.0/");
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build();
    }

    /** What the authority said to the wish to begin. */
    sealed interface Beginning {

        /**
         * A person has to type the user's code there; the device's code never prints.
         *
         * @param every how long to wait between two questions
         */
        record Begun(String userCode, URI address, String deviceCode, Duration every, Duration goodFor)
                implements Beginning {

            @Override
            public String toString() {
                return "Begun[%s at %s]".formatted(userCode, address);
            }
        }

        /** It does not begin. */
        record Not(Issue why) implements Beginning {}
    }

    /** Whether the person has signed in. */
    sealed interface Answer {

        /** Not yet. */
        record Pending(boolean slower) implements Answer {}

        /** Decided, for or against. */
        record Decided(Issue issue) implements Answer {}
    }

    Beginning begin() {
        try {
            JsonNode body = post("devicecode", Map.of("client_id", account.clientId(), "scope", scope()));
            String deviceCode = Members.filled(body, "device_code");
            String userCode = Members.filled(body, "user_code");
            String address = Members.filled(body, "verification_uri");
            if (deviceCode == null || userCode == null || address == null) {
                return new Beginning.Not(notAllowed(body));
            }
            return new Beginning.Begun(
                    userCode,
                    URI.create(address),
                    deviceCode,
                    seconds(body, "interval", 5),
                    seconds(body, "expires_in", 900));
        } catch (Unanswered | IllegalArgumentException e) {
            return new Beginning.Not(new Issue.Silence(String.valueOf(e.getMessage())));
        }
    }

    Answer ask(String deviceCode) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", GRANT);
        form.put("client_id", account.clientId());
        form.put("device_code", deviceCode);
        form.putAll(proof());
        try {
            JsonNode body = post("token", form);
            String accessToken = Members.filled(body, "access_token");
            if (accessToken != null) {
                TokenAnswer answer = TokenAnswer.of(body.toString());
                return new Answer.Decided(new Issue.Tokens(
                        accessToken, answer.refreshToken(), answer.lifetime(), Claims.of(accessToken)));
            }
            return switch (error(body)) {
                case "authorization_pending" -> new Answer.Pending(false);
                case "slow_down" -> new Answer.Pending(true);
                default -> new Answer.Decided(refusal(body));
            };
        } catch (Unanswered e) {
            return new Answer.Decided(new Issue.Silence(String.valueOf(e.getMessage())));
        }
    }

    private Map<String, String> proof() {
        return switch (account.credential()) {
            case Credential.Secret secret -> Map.of("client_secret", secret.value());
            case Credential.Certificate certificate ->
                Map.of(
                        "client_assertion_type",
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                        "client_assertion",
                        ClientAssertion.signed(
                                certificate,
                                account.clientId(),
                                tenantAddress.resolve("token").toString(),
                                clock.instant()));
            case null -> Map.of();
        };
    }

    private String scope() {
        return String.join(" ", account.userScope(), "offline_access", "openid", "profile");
    }

    private static Issue notAllowed(JsonNode body) {
        return new Issue.Refusal(
                true,
                EntraErrors.oneLine(Members.filled(body, "error_description"), error(body))
                                .replaceAll("[.;\\s]+$", "")
                        + "; where the directory allows no device codes, sign in with the browser: bin/offramp login");
    }

    private static Issue refusal(JsonNode body) {
        String error = error(body);
        String words = switch (error) {
            case "authorization_declined", "access_denied" ->
                "the person has declined the sign-in; begin again: bin/offramp login";
            case "expired_token", "code_expired" ->
                "nobody has signed in while the code was good; begin again: bin/offramp login --device-code";
            default -> EntraErrors.words(Members.filled(body, "error_description"), error, true);
        };
        return new Issue.Refusal(true, words);
    }

    private static String error(JsonNode body) {
        String error = Members.filled(body, "error");
        return error == null ? "the authority's answer is not understood" : error.toLowerCase(Locale.ROOT);
    }

    private static Duration seconds(JsonNode body, String name, int otherwise) {
        Integer number = Members.number(body, name);
        return Duration.ofSeconds(number == null || number < 1 ? otherwise : number);
    }

    private JsonNode post(String name, Map<String, String> form) throws Unanswered {
        String body = form.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(tenantAddress.resolve(name))
                .timeout(deadline)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = http.send(
                    request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), LARGEST));
            if (response.statusCode() >= 500 || response.statusCode() == 429) {
                throw new Unanswered("the authority answered " + response.statusCode(), null);
            }
            JsonNode read = JSON.readTree(response.body());
            return read == null ? JSON.createObjectNode() : read;
        } catch (JacksonException e) {
            // Without the cause, which would quote the answer.
            throw new Unanswered("the authority's answer is no JSON", null);
        } catch (IOException e) {
            throw new Unanswered(
                    EntraErrors.oneLine(e.getMessage(), e.getClass().getSimpleName()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unanswered("interrupted while waiting for the authority", e);
        }
    }

    /** Nothing that could be understood came back. */
    private static final class Unanswered extends Exception {
        Unanswered(String words, @Nullable Throwable cause) {
            super(words, cause);
        }
    }
}
