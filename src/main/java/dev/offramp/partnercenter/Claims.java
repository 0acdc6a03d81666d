package dev.offramp.partnercenter;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an access token says about itself. We are not the one who has to believe it: what counts is whom we would act for.
 *
 * @param tenant {@code tid}; null when there is none
 * @param person the name with which a person has signed in; null for the application alone
 */
record Claims(@Nullable String tenant, @Nullable String person, SecondFactor secondFactor) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST_NAME = 200;

    /** Whether a person's sign-in had a second factor: {@code amr} with {@code mfa}. */
    enum SecondFactor {
        YES,
        NO,
        /** The token does not say how the person signed in. */
        UNKNOWN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static SecondFactor of(@Nullable String word) {
            for (SecondFactor each : values()) {
                if (each.word().equals(word)) {
                    return each;
                }
            }
            return UNKNOWN;
        }
    }

    static Claims unknown() {
        return new Claims(null, null, SecondFactor.UNKNOWN);
    }

    /** Of a token that we cannot look into nothing is known. */
    static Claims of(String accessToken) {
        String[] parts = accessToken.split("\\.", -1);
        if (parts.length < 2) {
            return unknown();
        }
        try {
            JsonNode claims =
                    JSON.readTree(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
            return claims == null || !claims.isObject()
                    ? unknown()
                    : new Claims(Members.filled(claims, "tid"), person(claims), secondFactor(claims.path("amr")));
        } catch (IllegalArgumentException | JacksonException e) {
            return unknown();
        }
    }

    private static @Nullable String person(JsonNode claims) {
        for (String claim : new String[] {"upn", "unique_name", "preferred_username", "name"}) {
            String name = Members.filled(claims, claim);
            if (name != null) {
                String plain = name.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "\uFFFD");
                return plain.length() > LONGEST_NAME ? plain.substring(0, LONGEST_NAME) : plain;
            }
        }
        return null;
    }

    private static SecondFactor secondFactor(JsonNode methods) {
        if (!methods.isArray()) {
            return SecondFactor.UNKNOWN;
        }
        return methods.valueStream().anyMatch(each -> "mfa".equalsIgnoreCase(each.asString("")))
                ? SecondFactor.YES
                : SecondFactor.NO;
    }
}
