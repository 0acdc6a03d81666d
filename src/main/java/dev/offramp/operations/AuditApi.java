package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Audit.Written;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit trail: who changed what, when and why. */
@RestController
@RequestMapping("/api/v1/audit")
class AuditApi {

    private final Audit audit;

    AuditApi(Audit audit) {
        this.audit = audit;
    }

    /** One page, newest first; {@code before} of the next page is {@code next}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AuditView(List<EntryView> entries, @Nullable Long next) {}

    /** One change. */
    record EntryView(long number, Instant at, String who, String what, String target, String reason, String details) {

        static EntryView of(Written written) {
            var entry = written.entry();
            return new EntryView(
                    written.number(),
                    written.at(),
                    entry.who(),
                    entry.what(),
                    entry.target(),
                    entry.cause(),
                    entry.details());
        }
    }

    @GetMapping
    AuditView list(
            @RequestParam(required = false) @Nullable Long before, @RequestParam(defaultValue = "50") int limit) {
        var page = audit.list(before, Asked.limit(limit));
        return new AuditView(
                page.stream().map(EntryView::of).toList(),
                page.size() < limit ? null : page.getLast().number());
    }
}
