package dev.offramp.operations;

import dev.offramp.ledger.WorkArrived;
import dev.offramp.offboarding.Operation;
import dev.offramp.safety.Brake;
import dev.offramp.safety.Brake.Pulled;
import dev.offramp.safety.Brake.Scope;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The kill switch: what is pulled, pulling and releasing. A source has slashes and a group may have
 * any, so that they are named in the query. */
@RestController
@RequestMapping("/api/v1/brakes")
class BrakesApi {

    private final Brake brake;
    private final InstantSource clock;
    private final ApplicationEventPublisher events;

    BrakesApi(Brake brake, InstantSource clock, ApplicationEventPublisher events) {
        this.brake = brake;
        this.clock = clock;
        this.events = events;
    }

    /** One pulled brake. */
    record BrakeView(String scope, String name, Instant pulledAt, String by, String reason, String message) {

        static BrakeView of(Pulled pulled) {
            return new BrakeView(
                    pulled.scope().word(), pulled.name(), pulled.at(), pulled.by(), pulled.cause(), pulled.sentence());
        }
    }

    /** All that is pulled. */
    record BrakesView(List<BrakeView> brakes) {}

    @GetMapping
    BrakesView list() {
        return new BrakesView(brake.list().stream().map(BrakeView::of).toList());
    }

    @PutMapping("/all")
    BrakesView pullAll(@RequestBody Change change) {
        return pull(Scope.ALL, "", change);
    }

    @PutMapping("/operation/{name}")
    BrakesView pullOperation(@PathVariable String name, @RequestBody Change change) {
        return pull(Scope.OPERATION, operation(name), change);
    }

    @PutMapping("/source")
    BrakesView pullSource(@RequestParam String name, @RequestBody Change change) {
        return pull(Scope.SOURCE, source(name), change);
    }

    @PutMapping("/group")
    BrakesView pullGroup(@RequestParam String name, @RequestBody Change change) {
        return pull(Scope.GROUP, group(name), change);
    }

    @DeleteMapping("/all")
    BrakesView releaseAll(@RequestBody Change change) {
        return release(Scope.ALL, "", change);
    }

    @DeleteMapping("/operation/{name}")
    BrakesView releaseOperation(@PathVariable String name, @RequestBody Change change) {
        return release(Scope.OPERATION, operation(name), change);
    }

    @DeleteMapping("/source")
    BrakesView releaseSource(@RequestParam String name, @RequestBody Change change) {
        return release(Scope.SOURCE, source(name), change);
    }

    @DeleteMapping("/group")
    BrakesView releaseGroup(@RequestParam String name, @RequestBody Change change) {
        return release(Scope.GROUP, group(name), change);
    }

    private BrakesView pull(Scope scope, String name, Change change) {
        brake.pull(scope, name, change.who(), change.cause(), clock.instant());
        return list();
    }

    private BrakesView release(Scope scope, String name, Change change) {
        if (!brake.release(scope, name, change.who(), change.cause(), clock.instant())) {
            throw Problem.conflict(
                    "The brake on %s is not pulled, so there is nothing to release."
                            .formatted(scope == Scope.ALL ? "everything" : scope.word() + " " + name),
                    Map.of());
        }
        events.publishEvent(new WorkArrived());
        return list();
    }

    private static String operation(String word) {
        return Operation.of(word)
                .filter(Operation::destructive)
                .map(Operation::word)
                .orElseThrow(() -> Problem.badRequest(
                        "There is no operation '%s' with a brake; write one of %s.".formatted(word, withBrake())));
    }

    private static String withBrake() {
        return Stream.of(Operation.values())
                .filter(Operation::destructive)
                .map(Operation::word)
                .collect(Collectors.joining(", "));
    }

    private static String source(String name) {
        if (name.isBlank() || name.length() > 400) {
            throw Problem.badRequest(
                    "A source has 1 to 400 characters; write it as the requests do, e.g. /contoso/billing.");
        }
        return name;
    }

    private static String group(String name) {
        if (name.isEmpty() || name.length() > 200) {
            throw Problem.badRequest(
                    "A group has 1 to 200 characters; write it as the requests do, e.g. terminations-2026-11-20.");
        }
        return name;
    }
}
