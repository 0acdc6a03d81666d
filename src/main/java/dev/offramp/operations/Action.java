package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.operations.access.Caller;
import dev.offramp.operations.access.Verb;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private static final Map<String, Verb> VERBS = Map.of(
            "restart", Verb.RESTART_BATCH,
            "stop", Verb.STOP_BATCH,
            "abandon", Verb.ABANDON_BATCH,
            "withdraw", Verb.WITHDRAW,
            "resubmit", Verb.RESUBMIT,
            "give-up", Verb.GIVE_UP,
            "release", Verb.RELEASE_HELD,
            "reject", Verb.REJECT_HELD,
            "pause", Verb.PAUSE_INTAKE,
            "resume", Verb.RESUME_INTAKE);

    /** The same, but what the caller's role does not allow is not allowed. */
    static List<Action> forCaller(List<Action> actions) {
        var caller = Caller.current();
        return actions.stream()
                .map(each -> caller.refusal(Objects.requireNonNull(VERBS.get(each.action())))
                        .map(why -> new Action(each.action(), false, why))
                        .orElse(each))
                .toList();
    }

    static Action of(String verb, Ruling ruling) {
        return switch (ruling) {
            case Ruling.Allowed _ -> new Action(verb, true, null);
            case Ruling.Refused(String why) -> new Action(verb, false, why);
        };
    }
}
