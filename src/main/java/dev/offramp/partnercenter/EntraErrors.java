package dev.offramp.partnercenter;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Microsoft Entra ID says when it gives no token, and what an operator does then.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/reference-error-codes">Error codes</a>
 */
final class EntraErrors {

    private static final Set<String> ABOUT_USER =
            Set.of("invalid_grant", "interaction_required", "login_required", "consent_required");
    private static final Pattern NUMBER = Pattern.compile("AADSTS(\\d{4,9})");
    private static final int LONGEST = 700;

    private static final String SIGN_IN_AGAIN = "a person must sign in again: bin/offramp login";
    private static final String CORRECT_APP =
            "correct client-id, client-secret or certificate, tenant-id and cloud under offramp.partner-center";

    private static final String SECOND_FACTOR = "a person must sign in again with a second factor: bin/offramp login";
    private static final String WRONG_TENANT =
            "correct offramp.partner-center.tenant-id, or offramp.partner-center.cloud when the tenant is in another cloud";
    private static final String WRONG_CLOUD =
            "correct offramp.partner-center.cloud: global, us-government or 21vianet, wherever the tenant is";
    private static final String WRONG_RESOURCE =
            "give the app registration the API permission for Microsoft Partner Center, and correct offramp.partner-center.cloud or resource";
    private static final String CONSENT =
            "give the app registration admin consent for Microsoft Partner Center (user_impersonation), then sign in again: bin/offramp login";
    private static final String CONDITIONAL_ACCESS =
            "a policy of Conditional Access forbids this sign-in; change the policy or sign in as it demands: bin/offramp login";
    private static final String BAD_CERTIFICATE =
            "add the certificate of offramp.partner-center.certificate to the app registration, or name the one that is there";

    private static final Map<String, String> ADVICE = Map.ofEntries(
            Map.entry(
                    "7000215",
                    "write the value of the client secret, not its id, as offramp.partner-center.client-secret"),
            Map.entry(
                    "7000222",
                    "the client secret has expired; make a new one and write it as offramp.partner-center.client-secret"),
            Map.entry(
                    "7000218",
                    "the app registration wants a secret or certificate with this sign-in; set offramp.partner-center.client-secret or certificate"),
            Map.entry(
                    "700016",
                    "correct offramp.partner-center.client-id, or tenant-id and cloud when the app registration is right"),
            Map.entry("7000229", "make the app registration's service principal in the tenant: give it admin consent"),
            Map.entry("7000112", "the application is disabled in the tenant; enable it"),
            Map.entry("90002", WRONG_TENANT),
            Map.entry("900023", WRONG_TENANT),
            Map.entry("50059", WRONG_TENANT),
            Map.entry("50128", WRONG_TENANT),
            Map.entry("900381", WRONG_CLOUD),
            Map.entry("900382", WRONG_CLOUD),
            Map.entry("900383", WRONG_CLOUD),
            Map.entry("900432", WRONG_CLOUD),
            Map.entry("500011", WRONG_RESOURCE),
            Map.entry("650057", WRONG_RESOURCE),
            Map.entry("65005", WRONG_RESOURCE),
            Map.entry("700027", BAD_CERTIFICATE),
            Map.entry("700024", "set this machine's clock: what it signs is not valid at the authority's time"),
            Map.entry("50011", "add http://localhost as a redirect address to the app registration"),
            Map.entry("65001", CONSENT),
            Map.entry("65004", "the person has not agreed; sign in again and agree: bin/offramp login"),
            Map.entry("50072", SECOND_FACTOR),
            Map.entry("50074", SECOND_FACTOR),
            Map.entry("50076", SECOND_FACTOR),
            Map.entry("50079", SECOND_FACTOR),
            Map.entry(
                    "50057",
                    "the account of whoever signed in is disabled; somebody else must sign in: bin/offramp login"),
            Map.entry(
                    "50105",
                    "assign whoever signs in to the application, or sign in as somebody else: bin/offramp login"),
            Map.entry("53000", CONDITIONAL_ACCESS),
            Map.entry("53001", CONDITIONAL_ACCESS),
            Map.entry("53002", CONDITIONAL_ACCESS),
            Map.entry("53003", CONDITIONAL_ACCESS),
            Map.entry("530032", CONDITIONAL_ACCESS),
            Map.entry(
                    "50199", "the directory does not allow device codes; sign in with the browser: bin/offramp login"),
            Map.entry("54005", "the code was used already; sign in again: bin/offramp login"));

    private EntraErrors() {}

    /** Whether a person can mend it by signing in, rather than an operator by correcting the app registration. */
    static boolean isAboutUser(String error) {
        return ABOUT_USER.contains(error.toLowerCase(Locale.ROOT));
    }

    /** What was said, on one line, and what to do. */
    static String words(@Nullable String said, String otherwise, boolean aboutUser) {
        String line = oneLine(said, otherwise).replaceAll("[.;\\s]+$", "");
        return "%s; %s".formatted(line, advice(line, aboutUser));
    }

    static String oneLine(@Nullable String said, String otherwise) {
        String line = said == null || said.isBlank()
                ? otherwise
                : said.replaceAll("[\\p{Cntrl}\\s]+", " ").trim();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }

    private static String advice(String line, boolean aboutUser) {
        Matcher number = NUMBER.matcher(line);
        String otherwise = aboutUser ? SIGN_IN_AGAIN : CORRECT_APP;
        return number.find() ? ADVICE.getOrDefault(number.group(1), otherwise) : otherwise;
    }
}
