package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.offboarding.Operation;
import dev.offramp.safety.Bursts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Breaches of budgets that hold the rest of a source, operation and group, and the end of such a burst. */
@RestController
@RequestMapping("/api/v1/bursts")
class BurstsApi {

    private static final Operation[] DESTRUCTIVE =
            Arrays.stream(Operation.values()).filter(Operation::destructive).toArray(Operation[]::new);

    private final Bursts bursts;
    private final InstantSource clock;

    BurstsApi(Bursts bursts, InstantSource clock) {
        this.bursts = bursts;
        this.clock = clock;
    }

    /**
     * One that is open.
     *
     * @param group missing: what is without a group
     * @param request source and id of the request that did not fit
     * @param breach what the budget said that it did not fit into
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BurstView(
            String source, String operation, @Nullable String group, Instant since, String request, String breach) {

        static BurstView of(Bursts.Open open) {
            return new BurstView(
                    open.rest().source(),
                    open.rest().operation().word(),
                    open.rest().group(),
                    open.burst().since(),
                    open.burst().request(),
                    open.burst().breach());
        }
    }

    /** All that are open. */
    record BurstsView(List<BurstView> bursts) {}

    @GetMapping
    BurstsView list() {
        return new BurstsView(bursts.list().stream().map(BurstView::of).toList());
    }

    /** Which burst is to end, and why; no group: that of what is without one. */
    record EndBody(
            @Nullable String source,
            @Nullable String operation,
            @Nullable String group,
            @Nullable String reason,
            @Nullable String by) {

        private Bursts.Rest rest() {
            String word = Asked.word(operation, "operation", DESTRUCTIVE, Operation::word);
            if (source == null || source.isBlank() || word == null) {
                throw Problem.badRequest(
                        "Say which burst is meant in the members 'source', 'operation' and, if it has one, 'group'; GET /api/v1/bursts lists them.");
            }
            return new Bursts.Rest(source, Operation.named(word), Asked.nothing(group));
        }
    }

    /** Says that a person has looked: what is held stays held, what comes new is judged by the budgets alone. */
    @PostMapping("/end")
    BurstsView end(@RequestBody EndBody body) {
        var change = new Change(body.reason(), body.by());
        var rest = body.rest();
        if (!bursts.end(rest, change.who(), change.cause(), clock.instant())) {
            throw Problem.conflict(
                    "%s is not on hold, so there is nothing to end.".formatted(rest.inWords()), Map.of());
        }
        return list();
    }
}
