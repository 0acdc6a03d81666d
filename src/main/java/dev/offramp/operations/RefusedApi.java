package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Refusals;
import dev.offramp.ledger.Refusals.Numbered;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
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

    /**
     * A refused record with what is kept of it; the topic of refused records has the same key, value and reasons.
     *
     * @param key the record's key, as text
     * @param valueText the value, when it is text in UTF-8
     * @param valueBase64 the value, when it is not
     * @param truncated whether more was sent than is kept
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RefusalDetails(
            RefusalView record,
            @Nullable String key,
            @Nullable String valueText,
            @Nullable String valueBase64,
            boolean truncated) {}

    @GetMapping("/{number}")
    RefusalDetails show(@PathVariable long number) {
        var numbered = refusals.byNumber(number)
                .orElseThrow(() -> Problem.notFound("There is no refused record %d.".formatted(number)));
        var refusal = numbered.refusal();
        byte[] value = refusal.value();
        String text = text(value);
        return new RefusalDetails(
                RefusalView.of(numbered),
                text(refusal.recordKey()),
                text,
                value == null || text != null ? null : Base64.getEncoder().encodeToString(value),
                value != null && value.length < refusal.length());
    }

    /** Null when there is none, or it is not in UTF-8. */
    private static @Nullable String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
