package dev.offramp.simulator;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The sign-in service beside Partner Center: where people sign in, and where applications fetch their tokens. */
final class Authority {

    private static final Pattern PATH = Pattern.compile(
            "/[^/]+/(oauth2/(v2\\.0/)?(token|authorize|devicecode)|(v2\\.0/)?\\.well-known/openid-configuration)");
    private static final Set<String> ANY_TENANT = Set.of("common", "organizations");

    private final Settings settings;
    private final SignIns signIns;
    private final ClientProof proof;
    private final TokenEndpoint tokenEndpoint;

    Authority(Settings settings, Tokens tokens, SignIns signIns) {
        this.settings = settings;
        this.signIns = signIns;
        proof = new ClientProof(settings.signIn());
        tokenEndpoint = new TokenEndpoint(settings, tokens, signIns, proof);
    }

    static boolean serves(HttpRequest request) {
        return PATH.matcher(request.path()).matches();
    }

    HttpAnswer answer(HttpRequest request, Instant now) {
        List<String> path = request.segments();
        String tenant = path.getFirst();
        boolean known = tenant.equals(settings.partnerTenantId()) || ANY_TENANT.contains(tenant);
        if (!known) {
            return new Refusal(400, "invalid_request", 90002, "Tenant '" + tenant + "' not found.").answer(now);
        }
        return switch (path.getLast()) {
            case "authorize" -> authorize(request, now);
            case "devicecode" -> device(request, now);
            case "openid-configuration" -> about(request, tenant);
            default -> tokenEndpoint.answer(request, now);
        };
    }

    private HttpAnswer authorize(HttpRequest request, Instant now) {
        String client = request.query("client_id").orElse("");
        String redirect = request.query("redirect_uri").orElse("");
        Optional<Refusal> refusal = proof.foreign(client)
                .or(() -> mayLeadTo(redirect)
                        ? Optional.empty()
                        : Refusal.of(
                                400,
                                "invalid_request",
                                50011,
                                "The redirect URI '" + redirect + "' does not match those of the application."));
        if (refusal.isPresent()) {
            return HttpAnswer.html(400, SignInPage.refused(refusal.get().description(now)));
        }
        if (!request.query("response_type").orElse("").equals("code")) {
            return back(request, redirect, "error", "unsupported_response_type");
        }
        String decision = request.query("simulator").orElse(settings.signIn().signIn());
        return switch (decision) {
            case "declined" -> back(request, redirect, "error", "access_denied");
            case "page" -> HttpAnswer.html(200, SignInPage.asking(request.target(), client));
            default -> back(request, redirect, "code", code(request, client, redirect, decision, now));
        };
    }

    private String code(HttpRequest request, String client, String redirect, String decision, Instant now) {
        boolean multiFactor = !decision.equals("password") && settings.signIn().multiFactor();
        return signIns.code(
                client,
                redirect,
                request.query("code_challenge").orElse(null),
                request.query("code_challenge_method").orElse("plain").equalsIgnoreCase("S256"),
                multiFactor,
                now);
    }

    private boolean mayLeadTo(String redirect) {
        List<String> registered = settings.signIn().redirectUris();
        if (!registered.isEmpty()) {
            // Documented for loopback addresses: the port is not compared.
            return registered.stream().anyMatch(uri -> withoutPort(uri).equals(withoutPort(redirect)));
        }
        return redirect.matches("http://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?(/.*)?");
    }

    private static String withoutPort(String uri) {
        return uri.replaceFirst("^(http://(?:localhost|127\\.0\\.0\\.1|\\[::1])):\\d+", "$1")
                .replaceFirst("/$", "");
    }

    private static HttpAnswer back(HttpRequest request, String redirect, String name, String value) {
        StringBuilder address =
                new StringBuilder(redirect).append(URI.create(redirect).getRawQuery() == null ? '?' : '&');
        address.append(name).append('=').append(encoded(value));
        if (name.equals("error")) {
            address.append("&error_description=").append(encoded("AADSTS65004: The person declined to sign in."));
        }
        request.query("state").ifPresent(state -> address.append("&state=").append(encoded(state)));
        return HttpAnswer.empty(302).with("Location", address.toString()).with("Cache-Control", "no-store");
    }

    private HttpAnswer device(HttpRequest request, Instant now) {
        String client = request.form().getOrDefault("client_id", "");
        Optional<Refusal> refusal = proof.foreign(client)
                .or(() -> settings.signIn().deviceCode()
                        ? Optional.empty()
                        : Refusal.of(
                                400,
                                "unauthorized_client",
                                700016,
                                "The device code flow is blocked for this application or by a policy."));
        if (refusal.isPresent()) {
            return refusal.get().answer(now);
        }
        SignIns.Device device = signIns.device(client, now);
        boolean second = request.path().contains("/v2.0/");
        String address = base(request) + "/simulator/device";
        long interval = settings.signIn().deviceCodeInterval().toSeconds();
        long lifetime = SignIns.DEVICE_CODE_LIFETIME.toSeconds();
        ObjectNode body = Json.object().put("user_code", device.userCode()).put("device_code", device.code());
        if (second) {
            body.put("verification_uri", address).put("expires_in", lifetime).put("interval", interval);
        } else {
            body.put("verification_url", address)
                    .put("expires_in", Long.toString(lifetime))
                    .put("interval", Long.toString(interval));
        }
        body.put(
                "message",
                "To sign in, use a web browser to open the page %s and enter the code %s to authenticate."
                        .formatted(address, device.userCode()));
        return HttpAnswer.json(200, Json.text(body)).with("Cache-Control", "no-store");
    }

    private HttpAnswer about(HttpRequest request, String tenant) {
        String oauth =
                base(request) + "/" + tenant + "/oauth2/" + (request.path().contains("/v2.0/") ? "v2.0/" : "");
        ObjectNode body = Json.object()
                .put("token_endpoint", oauth + "token")
                .put("authorization_endpoint", oauth + "authorize")
                .put("device_authorization_endpoint", oauth + "devicecode")
                .put("issuer", "https://login.microsoftonline.com/" + settings.partnerTenantId() + "/v2.0");
        body.putArray("response_types_supported").add("code");
        body.putArray("code_challenge_methods_supported").add("plain").add("S256");
        body.putArray("token_endpoint_auth_methods_supported")
                .add("client_secret_post")
                .add("private_key_jwt");
        return HttpAnswer.json(200, Json.text(body));
    }

    private static String base(HttpRequest request) {
        return "http://" + request.header("Host").orElse("127.0.0.1");
    }

    private static String encoded(@Nullable String text) {
        return URLEncoder.encode(String.valueOf(text), StandardCharsets.UTF_8);
    }
}
