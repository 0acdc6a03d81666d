package dev.offramp.platform;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes H2 write a commit into its file before the commit returns. By default it keeps commits in memory for up to half
 * a second: a killed process would forget the try that it wrote before a call. The setting does not stay in the
 * database, so it has to be in its address.
 */
final class DurableCommits {

    private static final Pattern WRITE_DELAY = Pattern.compile(";WRITE_DELAY=([^;]*)");

    private DurableCommits() {}

    /** @throws IllegalArgumentException with a sentence when the address asks H2 to write later */
    static String in(String url) {
        if (!url.startsWith("jdbc:h2:")) {
            return url;
        }
        Matcher delay = WRITE_DELAY.matcher(url.toUpperCase(Locale.ROOT));
        if (!delay.find()) {
            return url + ";WRITE_DELAY=0";
        }
        if (!delay.group(1).equals("0")) {
            throw new IllegalArgumentException(
                    "spring.datasource.url asks H2 to keep commits in memory (WRITE_DELAY=%s): a killed process would forget the calls that it made. Take WRITE_DELAY out, or write WRITE_DELAY=0."
                            .formatted(delay.group(1)));
        }
        return url;
    }
}
