package dev.offramp.operations.access;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Who asks, as the log-in proves it. A controller takes it as a parameter.
 *
 * @param name what the log-in calls it
 * @param sources in whose name a requester asks
 */
public record Caller(Proof proof, String name, Set<Role> roles, Set<String> sources) {

    private static final String LOGIN = "log-in file";
    private static final int LONGEST = 200;

    public Caller {
        name = oneLine(name);
        roles = Set.copyOf(roles);
        sources = Set.copyOf(sources);
    }

    /** How it was proved. */
    public enum Proof {
        LOGIN_FILE,
        USER,
        TOKEN
    }

    static Caller ofLoginFile() {
        return new Caller(Proof.LOGIN_FILE, LOGIN, Set.of(Role.ADMINISTRATOR), Set.of());
    }

    /** Who asks in this thread. */
    public static Caller current() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication instanceof CallerAuthentication proved) {
            return proved.caller();
        }
        throw new IllegalStateException("Nobody has logged in here");
    }

    /** Whether some role of it may do that, at least for some source. */
    public boolean may(Verb verb) {
        return verb.isForEverybody() || verb.roles().stream().anyMatch(roles::contains);
    }

    /** Whether it may do that to what belongs to a source. */
    public boolean may(Verb verb, String source) {
        return may(verb) && only(verb).map(own -> own.contains(source)).orElse(true);
    }

    /** The sources to which that is restricted; empty when it is not. */
    public Optional<Set<String>> only(Verb verb) {
        var others = EnumSet.noneOf(Role.class);
        others.addAll(verb.roles());
        others.remove(Role.REQUESTER);
        return verb.isForEverybody() || others.stream().anyMatch(roles::contains)
                ? Optional.empty()
                : Optional.of(sources);
    }

    /** Why it may not do that: a sentence that names the roles which may; empty when it may. */
    public Optional<String> refusal(Verb verb) {
        return may(verb)
                ? Optional.empty()
                : Optional.of("%s needs the role %s; %s.".formatted(begin(verb), Role.either(verb.roles()), has()));
    }

    /** Why it may not do that to what belongs to a source; empty when it may. */
    public Optional<String> refusal(Verb verb, String source) {
        return refusal(verb)
                .or(() -> may(verb, source)
                        ? Optional.empty()
                        : Optional.of(
                                "%s of the source %s is not for %s: a requester asks for its own sources, which are %s."
                                        .formatted(
                                                begin(verb),
                                                oneLine(source),
                                                name,
                                                sources.isEmpty()
                                                        ? "none"
                                                        : String.join(", ", new TreeSet<>(sources)))));
    }

    /** @throws AccessDeniedException with the sentence when it may not, which is answered with 403 */
    public void demand(Verb verb, String source) {
        refusal(verb, source).ifPresent(sentence -> {
            throw new AccessDeniedException(sentence);
        });
    }

    /**
     * As it stands in the audit trail. The log-in file does not tell people apart, so that there, and only there, the name
     * that is claimed is taken: {@code jane (log-in file)}.
     */
    public String signature(@Nullable String claimed) {
        return switch (proof) {
            case LOGIN_FILE ->
                claimed == null || claimed.isBlank() ? LOGIN : "%s (%s)".formatted(oneLine(claimed.strip()), LOGIN);
            case USER -> name;
            case TOKEN -> name + " (token)";
        };
    }

    private String has() {
        return switch (roles.size()) {
            case 0 -> name + " has none";
            case 1 -> "%s has the role %s".formatted(name, Role.either(roles));
            default -> "%s has the roles %s".formatted(name, Role.either(roles).replace(" or ", " and "));
        };
    }

    private static String begin(Verb verb) {
        return Character.toUpperCase(verb.doing().charAt(0)) + verb.doing().substring(1);
    }

    private static String oneLine(String text) {
        String plain = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "\uFFFD");
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
    }
}
