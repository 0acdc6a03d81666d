package dev.offramp.safety;

import java.net.IDN;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Domains whose customers nothing is done to: each as it is, or with all that lie under it. Upper case, a dot at the end and
 * the way in which letters beyond ASCII are written make no difference.
 *
 * @param written as they were written, e.g. {@code contoso.example} or {@code *.contoso.example}
 */
record ProtectedDomains(Set<String> written) {

    static final ProtectedDomains NONE = new ProtectedDomains(Set.of());

    private static final String ANY = "*.";

    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})+");

    ProtectedDomains {
        Set<String> plain = new LinkedHashSet<>();
        for (String each : written) {
            boolean under = each.strip().startsWith(ANY);
            String domain = plain(under ? each.strip().substring(ANY.length()) : each)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "'%s' is no domain; write e.g. contoso.example or *.contoso.example.".formatted(each)));
            plain.add(under ? ANY + domain : domain);
        }
        written = Set.copyOf(plain);
    }

    static ProtectedDomains of(Collection<String> written) {
        return new ProtectedDomains(new LinkedHashSet<>(written));
    }

    /** In lower case and ASCII; empty when it is no domain. */
    static Optional<String> plain(String domain) {
        String stripped = domain.strip();
        String text = stripped.endsWith(".") ? stripped.substring(0, stripped.length() - 1) : stripped;
        try {
            return Optional.of(IDN.toASCII(text, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT))
                    .filter(ascii -> DOMAIN.matcher(ascii).matches());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean isEmpty() {
        return written.isEmpty();
    }

    /**
     * What protects a domain.
     *
     * @param plain as {@link #plain} gives it
     */
    Optional<String> match(String plain) {
        if (written.contains(plain)) {
            return Optional.of(plain);
        }
        for (int dot = plain.indexOf('.'); dot > 0; dot = plain.indexOf('.', dot + 1)) {
            String above = ANY + plain.substring(dot + 1);
            if (written.contains(above)) {
                return Optional.of(above);
            }
        }
        return Optional.empty();
    }

    ProtectedDomains and(ProtectedDomains others) {
        Set<String> all = new LinkedHashSet<>(written);
        all.addAll(others.written);
        return new ProtectedDomains(all);
    }
}
