package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.request.IntakePauses;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether the request topic is read, and pausing that. */
@RestController
@RequestMapping("/api/v1/intake")
class IntakeApi {

    private final IntakePauses pauses;
    private final InstantSource clock;

    IntakeApi(IntakePauses pauses, InstantSource clock) {
        this.pauses = pauses;
        this.clock = clock;
    }

    /** One reason to pause: backlog, older-ledger, unknown-age or person. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PauseView(
            String why, @Nullable String by, @Nullable Instant at, String reason) {

        static PauseView of(IntakePauses.Pause pause) {
            return new PauseView(pause.why(), pause.by(), pause.at(), pause.cause());
        }
    }

    /**
     * How intake stands on the node that answers.
     *
     * @param state reading, or paused while there is a reason to
     */
    record IntakeView(
            String state, List<PauseView> pauses, long openRequests, long maxOpen, List<Action> allowedActions) {}

    @GetMapping
    IntakeView show() {
        var all = pauses.all();
        return new IntakeView(
                all.isEmpty() ? "reading" : "paused",
                all.stream().map(PauseView::of).toList(),
                pauses.openRequests(),
                pauses.maxOpen(),
                Action.forCaller(List.of(Action.of("pause", mayPause()), Action.of("resume", mayResume()))));
    }

    @PostMapping("/pause")
    IntakeView pause(@RequestBody Change change) {
        if (!pauses.pause(change.who(), change.cause(), clock.instant())) {
            mayPause().orConflict(Map.of());
        }
        return show();
    }

    @PostMapping("/resume")
    IntakeView resume(@RequestBody Change change) {
        if (!pauses.resume(change.who(), change.cause(), clock.instant())) {
            mayResume().orConflict(Map.of());
        }
        return show();
    }

    private Ruling mayPause() {
        return pauses.byPerson()
                .map(pause -> Ruling.refused("%s paused intake already: %s", String.valueOf(pause.by()), pause.cause()))
                .orElse(Ruling.allowed());
    }

    private Ruling mayResume() {
        return pauses.byPerson().isPresent()
                ? Ruling.allowed()
                : Ruling.refused("No person paused intake, so there is nothing to resume.");
    }
}
