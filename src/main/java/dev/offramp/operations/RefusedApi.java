package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Refusals;
import dev.offramp.ledger.Refusals.Numbered;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Records that could not become requests. The raw bytes are on the topic of refused records. */
@RestController
@RequestMapping("/api/v1/refused")
class RefusedApi {

    private final Refusals refusals;

    RefusedApi(Refusals refusals) {
        this.refusals = refusals;
    }

    /** One page, newest first; {@code before} of the next page is {@code next}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RefusedView(List<RefusalView> refused, @Nullable Long next) {}

    /** One refused record. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RefusalView(
            long number,
            String reason,
            String message,
            String topic,
            int partition,
            long offset,
            @Nullable String source,
            @Nullable String id,
            int length,
            String digest,
            @Nullable String firstDigest,
            Instant refusedAt) {

        static RefusalView of(Numbered numbered) {
            var refusal = numbered.refusal();
            return new RefusalView(
                    numbered.number(),
                    refusal.reason(),
                    refusal.message(),
                    refusal.place().topic(),
                    refusal.place().partition(),
                    refusal.place().offset(),
                    refusal.source(),
                    refusal.id(),
                    refusal.length(),
                    refusal.digest(),
                    refusal.firstDigest(),
                    numbered.refusedAt());
        }
    }

    @GetMapping
    RefusedView list(
            @RequestParam(required = false) @Nullable Long before, @RequestParam(defaultValue = "50") int limit) {
        var page = refusals.list(before, Asked.limit(limit));
        return new RefusedView(
                page.stream().map(RefusalView::of).toList(),
                page.size() < limit ? null : page.getLast().number());
    }
}
