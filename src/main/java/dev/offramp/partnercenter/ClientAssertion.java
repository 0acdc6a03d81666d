package dev.offramp.partnercenter;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/**
 * Signs with the certificate that we are the app registration, where MSAL does not do it for us.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/certificate-credentials">Certificate credentials</a>
 */
final class ClientAssertion {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final int DIGEST_BYTES = 32;

    private ClientAssertion() {}

    static String signed(Credential.Certificate certificate, String clientId, String audience, Instant now) {
        try {
            byte[] print = MessageDigest.getInstance("SHA-256")
                    .digest(certificate.own().getEncoded());
            var head = JSON.createObjectNode()
                    .put("alg", "PS256")
                    .put("typ", "JWT")
                    .put("x5t#S256", URL.encodeToString(print));
            var claims = JSON.createObjectNode()
                    .put("aud", audience)
                    .put("iss", clientId)
                    .put("sub", clientId)
                    .put("jti", UUID.randomUUID().toString())
                    .put("nbf", now.getEpochSecond())
                    .put("exp", now.plus(LIFETIME).getEpochSecond());
            String content = encoded(head.toString()) + "." + encoded(claims.toString());
            Signature signature = Signature.getInstance("RSASSA-PSS");
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, DIGEST_BYTES, 1));
            signature.initSign(certificate.key());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The certificate's key does not sign", e);
        }
    }

    private static String encoded(String text) {
        return URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
