package dev.offramp.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.offramp.run.Announcement;
import dev.offramp.run.Answer;
import dev.offramp.run.RequestCounts;
import dev.offramp.run.Run;
import dev.offramp.run.Runs;
import dev.offramp.run.Upload;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Runs over files: announcing one, sending it piece by piece, looking how far it is, and what was rejected of it. */
@RestController
@RequestMapping("/api/v1/runs")
class RunsApi {

    private final Runs runs;

    RunsApi(Runs runs) {
        this.runs = runs;
    }

    /** A file that is handed over. */
    record Announced(
            @Nullable String job,
            @Nullable String name,
            @Nullable Boolean plan,
            @Nullable FileAnnounced file,
            @Nullable String requestedBy,
            @Nullable String reason,
            @Nullable String by) {}

    /** What is known of its bytes: how many there are, and their SHA-256 in hex. */
    record FileAnnounced(
            @Nullable String name,
            @Nullable Long size,
            @Nullable String digest) {}

    /** A run as the API shows it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RunView(
            long number,
            String job,
            String name,
            boolean plan,
            String state,
            @Nullable String message,
            String by,
            String reason,
            Instant createdAt,
            @Nullable Instant endedAt,
            FileView file,
            LinesView lines,
            RequestsView requests,
            List<Object> allowedActions) {}

    /** The newest file of a run. */
    record FileView(String name, long size, String digest, long received) {}

    /** The lines of that file. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LinesView(
            @Nullable Long total,
            long read,
            @JsonProperty("new") long added,
            long known,
            long changed,
            long bad) {}

    /** The requests of all files of a run. */
    record RequestsView(
            long total,
            Map<String, Long> open,
            @JsonProperty("final") Map<String, Long> settled) {}

    /** One page, newest first; {@code before} of the next page is {@code next}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RunsView(List<RunView> runs, @Nullable Long next) {}

    @PostMapping
    RunView announce(@RequestBody Announced announced) {
        var change = new Change(announced.reason(), announced.by());
        var file = announced.file();
        if (announced.job() == null || announced.name() == null || file == null) {
            throw Problem.badRequest("A run needs the members 'job', 'name' and 'file'.");
        }
        if (file.size() == null || file.digest() == null) {
            throw Problem.badRequest("A file needs the members 'size' (in bytes) and 'digest' (SHA-256 in hex).");
        }
        var named = file.name() == null || file.name().isBlank() ? "-" : file.name();
        return view(runs.announce(new Announcement(
                announced.job(),
                announced.name(),
                Boolean.TRUE.equals(announced.plan()),
                new Upload.File(
                        named.substring(0, Math.min(named.length(), 400)),
                        file.size(),
                        file.digest().toLowerCase(Locale.ROOT)),
                change.who(),
                announced.requestedBy(),
                change.cause())));
    }

    @PutMapping(path = "/{number}/content", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    RunView content(@PathVariable long number, @RequestParam long offset, InputStream body) throws IOException {
        return view(runs.take(number, offset, body.readNBytes(Runs.LONGEST_PIECE + 1)));
    }

    @GetMapping
    RunsView list(
            @RequestParam(required = false) @Nullable String job,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "50") int limit) {
        var page = runs.list(job, before, Asked.limit(limit));
        return new RunsView(
                page.stream().map(this::view).toList(),
                page.size() < limit ? null : page.getLast().number());
    }

    @GetMapping("/{number}")
    RunView show(@PathVariable long number) {
        return view(existing(number));
    }

    @GetMapping("/{number}/rejected")
    void rejected(@PathVariable long number, HttpServletResponse response) throws IOException {
        var file = runs.rejectsOf(existing(number));
        response.setContentType(file.mediaType());
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s\"".formatted(file.name()));
        file.writeTo(response.getOutputStream());
    }

    private Run existing(long number) {
        return runs.byNumber(number).orElseThrow(() -> Problem.notFound("There is no run %d.".formatted(number)));
    }

    private RunView view(Answer answer) {
        return switch (answer) {
            case Answer.Done(var run) -> view(run);
            case Answer.Missing(var sentence) -> throw Problem.notFound(sentence);
            case Answer.Wrong(var sentence) -> throw Problem.badRequest(sentence);
            case Answer.InTheWay(var sentence, var received) ->
                throw Problem.conflict(sentence, received == null ? Map.of() : Map.of("received", received));
        };
    }

    private RunView view(Run run) {
        var upload = run.upload();
        var file = upload.file();
        var lines = upload.lines();
        return new RunView(
                run.number(),
                run.job(),
                run.name(),
                run.plan(),
                upload.state().word(),
                upload.message(),
                run.by(),
                run.cause(),
                run.createdAt(),
                upload.endedAt(),
                new FileView(file.name(), file.size(), file.digest(), upload.received()),
                new LinesView(lines.total(), lines.read(), lines.added(), lines.known(), lines.changed(), lines.bad()),
                view(runs.requestsOf(run.number())),
                List.of());
    }

    private static RequestsView view(RequestCounts counts) {
        return new RequestsView(
                counts.total(),
                Map.of(
                        "ready", counts.ready(),
                        "working", counts.working(),
                        "waiting", counts.waiting(),
                        "held", counts.held(),
                        "stalled", counts.stalled()),
                Map.of(
                        "succeeded", counts.succeeded(),
                        "rejected", counts.rejected(),
                        "withdrawn", counts.withdrawn(),
                        "planned", counts.planned(),
                        "failed", counts.failed()));
    }
}
