package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A verb of a thing, as the API shows it.
 *
 * @param action the verb, e.g. {@code restart}
 * @param allowed whether it can be carried out now
 * @param why why not; null when it can
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Action(String action, boolean allowed, @Nullable String why) {

    static Action of(String verb, Ruling ruling) {
        return switch (ruling) {
            case Ruling.Allowed _ -> new Action(verb, true, null);
            case Ruling.Refused(String why) -> new Action(verb, false, why);
        };
    }
}
