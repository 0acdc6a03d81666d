package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.reconcile.Reconciliation;
import dev.offramp.reconcile.Reconciliations;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Comparisons of Partner Center's own audit records with the ledger. */
@RestController
@RequestMapping("/api/v1/reconciliations")
class ReconciliationsApi {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String UNSAID = "A person asked for it.";

    private final Reconciliations reconciliations;
    private final InstantSource clock;

    ReconciliationsApi(Reconciliations reconciliations, InstantSource clock) {
        this.reconciliations = reconciliations;
        this.clock = clock;
    }

    /**
     * A day to be compared.
     *
     * @param day in UTC; the one before today when it is left out
     * @param reason as nothing is changed, it may be left out
     */
    record ReconcileBody(
            @Nullable String day,
            @Nullable String reason,
            @Nullable String by) {}

    /**
     * One comparison.
     *
     * @param state asked, done or failed
     * @param withoutRequest how many effects no call of ours explains
     * @param missing how many effects of the ledger no record shows
     * @param late the same, while their records may still come
     * @param report all that was found; only of a single one that was made
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReconciliationView(
            long number,
            LocalDate day,
            String state,
            String message,
            Instant askedAt,
            String by,
            String reason,
            @Nullable Instant endedAt,
            int withoutRequest,
            int missing,
            int late,
            @Nullable JsonNode report) {

        static ReconciliationView of(Reconciliation each) {
            var report = each.report();
            return new ReconciliationView(
                    each.number(),
                    each.day(),
                    each.state().word(),
                    each.message(),
                    each.askedAt(),
                    each.askedBy(),
                    each.cause(),
                    each.endedAt(),
                    each.withoutRequest(),
                    each.missing(),
                    each.late(),
                    report == null ? null : JSON.readTree(report));
        }
    }

    /** One page, newest first; {@code before} of the next page is {@code next}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ReconciliationsView(
            List<ReconciliationView> reconciliations,
            @Nullable Long next) {}

    @GetMapping
    ReconciliationsView list(
            @RequestParam(required = false) @Nullable Long before, @RequestParam(defaultValue = "50") int limit) {
        var page = reconciliations.list(before, Asked.limit(limit));
        return new ReconciliationsView(
                page.stream().map(ReconciliationView::of).toList(),
                page.size() < limit ? null : page.getLast().number());
    }

    @GetMapping("/{number}")
    ReconciliationView show(@PathVariable long number) {
        return reconciliations
                .byNumber(number)
                .map(ReconciliationView::of)
                .orElseThrow(() -> Problem.notFound("There is no reconciliation %d.".formatted(number)));
    }

    /** A node makes it within seconds; ask for it by its number. */
    @PostMapping
    ReconciliationView ask(@RequestBody ReconcileBody body) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var day = day(body.day(), today);
        Reconciliations.objection(day, today).ifPresent(sentence -> {
            throw Problem.badRequest(sentence);
        });
        var change = new Change(body.reason() == null || body.reason().isBlank() ? UNSAID : body.reason(), body.by());
        return ReconciliationView.of(reconciliations.ask(day, change.who(), change.cause(), clock.instant()));
    }

    private static LocalDate day(@Nullable String text, LocalDate today) {
        if (Asked.nothing(text) == null) {
            return today.minusDays(1);
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw Problem.badRequest("'%s' is no day; write it as 2026-11-21.".formatted(text));
        }
    }
}
