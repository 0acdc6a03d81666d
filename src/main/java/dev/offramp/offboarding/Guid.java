package dev.offramp.offboarding;

import java.util.Locale;
import java.util.regex.Pattern;

/** The one spelling of a GUID in this program: 36 characters, lower case. */
final class Guid {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private Guid() {}

    static String checked(String text, String what) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!FORM.matcher(lower).matches()) {
            throw new IllegalArgumentException("%s is not a GUID: '%s'".formatted(what, text));
        }
        return lower;
    }
}
