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
 * @param action the verb, e.g. {@code restart}; with the word that it needs, e.g. {@code decide done}
 * @param allowed whether it can be carried out now
 * @param why why not; null when it can
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Action(String action, boolean allowed, @Nullable String why) {

    private static final Map<String, Verb> VERBS = Map.ofEntries(
            Map.entry("restart", Verb.RESTART_BATCH),
            Map.entry("stop", Verb.STOP_BATCH),
            Map.entry("abandon", Verb.ABANDON_BATCH),
            Map.entry("withdraw", Verb.WITHDRAW),
            Map.entry("resubmit", Verb.RESUBMIT),
            Map.entry("give-up", Verb.GIVE_UP),
            Map.entry("decide done", Verb.DECIDE_DOUBT),
            Map.entry("decide not-done", Verb.DECIDE_DOUBT),
            Map.entry("decide ask-again", Verb.DECIDE_DOUBT),
            Map.entry("release", Verb.RELEASE_HELD),
            Map.entry("reject", Verb.REJECT_HELD),
            Map.entry("pause", Verb.PAUSE_INTAKE),
            Map.entry("resume", Verb.RESUME_INTAKE));

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
