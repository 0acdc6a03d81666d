package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.offramp.audit.Export;
import dev.offramp.ledger.Audit;
import dev.offramp.ledger.Audit.Written;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit trail: who changed what, when and why. */
@RestController
@RequestMapping("/api/v1/audit")
class AuditApi {

    /** Newline-delimited JSON. */
    private static final String LINES = "application/x-ndjson";

    private final Audit audit;
    private final Export export;

    AuditApi(Audit audit, Export export) {
        this.audit = audit;
        this.export = export;
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

    /** The whole trail with its seals, as {@code bin/offramp audit verify} reads it. */
    @GetMapping("/export")
    void export(HttpServletResponse response) throws IOException {
        response.setContentType(LINES);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\"");
        var out = response.getWriter();
        export.to(line -> {
            out.write(line);
            out.write('\n');
        });
        out.flush();
    }
}
