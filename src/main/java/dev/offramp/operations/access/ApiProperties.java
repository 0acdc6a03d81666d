package dev.offramp.operations.access;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may log in to the API, beside whoever can read the log-in file.
 *
 * @param localUsers whether there are users with a password, kept in the database; the first start makes the
 *     administrator admin with a generated password in the file first-password in offramp.home
 */
@ConfigurationProperties("offramp.api")
record ApiProperties(
        @DefaultValue("true") boolean localUsers,
        @DefaultValue Jwt jwt) {

    /**
     * Tokens of an issuer.
     *
     * @param issuer the issuer of bearer tokens (JWT), exactly as their claim iss has it; its keys are found by OpenID
     *     Connect discovery; none: no such token is accepted
     * @param audience what their claim aud must contain; needed with an issuer
     * @param nameClaim the claim that names the caller in the audit trail
     * @param rolesClaim the claim with the roles, a text or a list; dots lead into nested claims
     * @param sourcesClaim the claim with the sources in whose name a requester may ask, a text or a list
     * @param roleWords what stands in the token for a role, e.g. role-words.operator=Offramp.Operators; a role that is not named
     *     stands in it as itself
     */
    record Jwt(
            @Nullable URI issuer,
            @DefaultValue("") String audience,
            @DefaultValue("sub") String nameClaim,
            @DefaultValue("roles") String rolesClaim,
            @DefaultValue("sources") String sourcesClaim,
            @DefaultValue Map<String, String> roleWords) {

        Jwt {
            if (issuer != null && issuer.toString().isBlank()) {
                issuer = null;
            }
            if (issuer != null && !isSafe(issuer)) {
                throw new IllegalArgumentException(
                        "offramp.api.jwt.issuer is %s; it must be an https address, as whoever can change what it answers can make tokens."
                                .formatted(issuer));
            }
            if (issuer != null && audience.isBlank()) {
                throw new IllegalArgumentException(
                        "offramp.api.jwt.audience is blank; name it, or tokens that the issuer made for others would be accepted.");
            }
            for (String role : roleWords.keySet()) {
                if (Role.named(role).isEmpty()) {
                    throw new IllegalArgumentException(
                            "offramp.api.jwt.role-words.%s: there is no role %s; write one of requester, viewer, operator, approver, administrator."
                                    .formatted(role, role));
                }
            }
            roleWords = Map.copyOf(roleWords);
        }

        private static boolean isSafe(URI issuer) {
            String host = String.valueOf(issuer.getHost());
            return "https".equals(issuer.getScheme())
                    || ("http".equals(issuer.getScheme())
                            && (host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]")));
        }

        /** What stands in a token → the role that it is. */
        Map<String, Role> rolesByWord() {
            var byWord = new TreeMap<String, Role>();
            for (Role role : Role.values()) {
                byWord.put(roleWords.getOrDefault(role.word(), role.word()), role);
            }
            return byWord;
        }
    }
}
