package dev.offramp.operations;

import dev.offramp.safety.TenantDoubt;
import dev.offramp.safety.TenantDoubt.Doubt;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Sources whose unlinks are held because too many of their customers are not ours, and the end of such a doubt. */
@RestController
@RequestMapping("/api/v1/tenant-doubts")
class TenantDoubtsApi {

    private final TenantDoubt doubt;
    private final InstantSource clock;

    TenantDoubtsApi(TenantDoubt doubt, InstantSource clock) {
        this.doubt = doubt;
        this.clock = clock;
    }

    /** One source in doubt. */
    record DoubtView(String source, Instant since, String cause) {

        static DoubtView of(Doubt doubt) {
            return new DoubtView(doubt.source(), doubt.since(), doubt.cause());
        }
    }

    /** All sources in doubt. */
    record DoubtsView(List<DoubtView> doubts) {}

    @GetMapping
    DoubtsView list() {
        return new DoubtsView(doubt.list().stream().map(DoubtView::of).toList());
    }

    /** Says that the partner tenant is the right one: what is held stays held, further unlinks are not held for this. */
    @DeleteMapping
    DoubtsView end(@RequestParam String source, @RequestBody Change change) {
        if (!doubt.clear(source, change.who(), change.cause(), clock.instant())) {
            throw Problem.conflict(
                    "There is no doubt about source %s, so there is nothing to end.".formatted(source), Map.of());
        }
        return list();
    }
}
