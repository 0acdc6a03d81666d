package dev.offramp.simulator;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Looks whether a token request comes from the application that it names: by secret or by signed assertion. */
final class ClientProof {

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private final SignInSettings settings;
    private final @Nullable X509Certificate certificate;

    /** @throws ScenarioException when the certificate of the scenario is none */
    ClientProof(SignInSettings settings) {
        this.settings = settings;
        certificate = settings.clientCertificate() == null ? null : certificate(settings.clientCertificate());
    }

    /** Nothing when the application is who it says, else why not. */
    Optional<Refusal> refuse(Map<String, String> form, String tokenPath, Instant now) {
        String client = form.getOrDefault("client_id", "");
        if (form.containsKey("client_assertion")) {
            return foreign(client).or(() -> assertion(form, client, tokenPath, now));
        }
        if (form.containsKey("client_secret") || !isPublic(form)) {
            return foreign(client).or(() -> secret(form));
        }
        return foreign(client);
    }

    Optional<Refusal> foreign(String client) {
        return settings.clientId() == null || settings.clientId().equalsIgnoreCase(client)
                ? Optional.empty()
                : Refusal.of(
                        400,
                        "unauthorized_client",
                        700016,
                        "Application with identifier '" + client + "' was not found in the directory.");
    }

    /** Sign-ins with a proof key or a device code need no secret: the application may be one on a desk. */
    private static boolean isPublic(Map<String, String> form) {
        return form.containsKey("code_verifier")
                || form.getOrDefault("grant_type", "").endsWith("device_code");
    }

    private Optional<Refusal> secret(Map<String, String> form) {
        if (settings.clientSecret() == null && certificate == null) {
            return Optional.empty();
        }
        if (!form.containsKey("client_secret")) {
            return Refusal.of(
                    401,
                    "invalid_client",
                    7000218,
                    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
        }
        return form.get("client_secret").equals(settings.clientSecret())
                ? Optional.empty()
                : Refusal.of(401, "invalid_client", 7000215, "Invalid client secret provided.");
    }

    private Optional<Refusal> assertion(Map<String, String> form, String client, String tokenPath, Instant now) {
        String assertion = form.getOrDefault("client_assertion", "");
        String[] parts = assertion.split("\\.");
        if (!ASSERTION_TYPE.equals(form.get("client_assertion_type")) || parts.length != 3) {
            return malformed("it is no signed JSON web token");
        }
        JsonNode head = part(parts[0]);
        JsonNode claims = part(parts[1]);
        if (!claims.path("iss").asString("").equalsIgnoreCase(client)
                || !claims.path("sub").asString("").equalsIgnoreCase(client)) {
            return Refusal.of(
                    401,
                    "invalid_client",
                    700021,
                    "Client assertion application identifier doesn't match 'client_id'.");
        }
        if (!claims.path("aud").asString("").endsWith(tokenPath)) {
            return Refusal.of(
                    401,
                    "invalid_client",
                    700023,
                    "Client assertion audience claim does not match the token endpoint.");
        }
        Instant expires = Instant.ofEpochSecond(claims.path("exp").asLong(0));
        Instant begins = Instant.ofEpochSecond(claims.path("nbf").asLong(0));
        if (expires.plus(TOLERANCE).isBefore(now) || begins.minus(TOLERANCE).isAfter(now)) {
            return Refusal.of(401, "invalid_client", 700024, "Client assertion is not within its valid time range.");
        }
        return signature(head, parts);
    }

    private Optional<Refusal> signature(JsonNode head, String[] parts) {
        String algorithm = head.path("alg").asString("");
        if (!algorithm.equals("RS256") && !algorithm.equals("PS256")) {
            return malformed("its algorithm is '" + algorithm + "'");
        }
        if (!head.has("x5t") && !head.has("x5t#S256")) {
            return malformed("it names no certificate in x5t or x5t#S256");
        }
        if (certificate == null || (names(head, certificate) && isSigned(certificate, algorithm, parts))) {
            return Optional.empty();
        }
        return Refusal.of(
                401, "invalid_client", 700027, "The certificate used to sign the client assertion is not registered.");
    }

    private static boolean names(JsonNode head, X509Certificate certificate) {
        return head.has("x5t#S256")
                ? forAddresses(head.path("x5t#S256").asString("")).equals(thumbprint(certificate, "SHA-256"))
                : forAddresses(head.path("x5t").asString("")).equals(thumbprint(certificate, "SHA-1"));
    }

    /** MSAL for Java writes the print in plain Base64, with padding, and the real service takes it. */
    private static String forAddresses(String base64) {
        return base64.replace('+', '-').replace('/', '_').replaceAll("=+$", "");
    }

    private static String thumbprint(X509Certificate certificate, String digest) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance(digest).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSigned(X509Certificate certificate, String algorithm, String[] parts) {
        try {
            Signature signature = Signature.getInstance(algorithm.equals("RS256") ? "SHA256withRSA" : "RSASSA-PSS");
            if (algorithm.equals("PS256")) {
                signature.setParameter(PSS);
            }
            signature.initVerify(certificate);
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static JsonNode part(String encoded) {
        try {
            return Json.read(new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | JacksonException e) {
            return Json.object();
        }
    }

    private static Optional<Refusal> malformed(String why) {
        return Refusal.of(401, "invalid_client", 50027, "The client assertion is malformed: " + why + ".");
    }

    private static X509Certificate certificate(String pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new ScenarioException("At /settings/clientCertificate: no certificate in PEM form.", e);
        }
    }
}
