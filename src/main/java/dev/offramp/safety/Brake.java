package dev.offramp.safety;

import dev.offramp.offboarding.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kill switch: no new destructive call passes the gate while it is pulled. */
public interface Brake {

    /** Pulls it; pulling again keeps the first time and takes the new reason. Audited in the same transaction. */
    void pull(Scope scope, String name, String who, String cause, Instant now);

    /** @return false when it was not pulled */
    boolean release(Scope scope, String name, String who, String cause, Instant now);

    /** All that is pulled now. */
    List<Pulled> list();

    /** How much a pull stops. */
    enum Scope {
        ALL,
        OPERATION,
        SOURCE,
        /** A group's name, whoever its requests come from: the name is all that people see of it in a hurry. */
        GROUP;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Scope named(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * One pull.
     *
     * @param name the operation's word, the source or the group; empty for {@link Scope#ALL}
     */
    record Pulled(Scope scope, String name, Instant at, String by, String cause) {

        public boolean appliesTo(Operation operation, String source, @Nullable String group) {
            return switch (scope) {
                case ALL -> true;
                case OPERATION -> operation.word().equals(name);
                case SOURCE -> source.equals(name);
                case GROUP -> name.equals(group);
            };
        }

        /** For people: {@code brake-on (operation cancel-subscription), pulled by jane}. */
        public String sentence() {
            String what = scope == Scope.ALL ? "everything" : scope.word() + " " + name;
            return "The brake on %s was pulled by %s: %s".formatted(what, by, cause);
        }
    }
}
