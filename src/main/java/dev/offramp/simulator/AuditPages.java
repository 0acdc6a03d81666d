package dev.offramp.simulator;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers questions for audit records: by day, and by one filter. */
final class AuditPages {

    private static final int LARGEST = 500;
    private static final Duration DEFAULT_SPAN = Duration.ofDays(30);

    private final World world;

    AuditPages(World world) {
        this.world = world;
    }

    Result page(HttpRequest request, Instant now) {
        Instant today = now.truncatedTo(ChronoUnit.DAYS);
        Optional<Instant> from = day(request, "startDate", today.minus(DEFAULT_SPAN));
        Optional<Instant> to = day(request, "endDate", today).map(day -> day.plus(1, ChronoUnit.DAYS));
        if (from.isEmpty() || to.isEmpty() || from.get().isBefore(today.minus(AuditLog.MEMORY))) {
            return Result.error(
                    400, "800002", "The start date must be a day in the form yyyy-mm-dd, at most 90 days ago.");
        }
        Optional<Predicate<ObjectNode>> filter = filter(request.query("filter").orElse(""));
        if (filter.isEmpty()) {
            return Result.error(400, "800002", "The filter is not supported.");
        }
        List<ObjectNode> found = world.audit().read(from.get(), to.get(), now).stream()
                .filter(filter.get())
                .toList();
        Optional<Integer> at = request.header("MS-ContinuationToken")
                .filter(text -> !text.isBlank())
                .map(AuditPages::position)
                .orElse(Optional.of(0));
        if (at.isEmpty() || (at.get() > 0 && at.get() >= found.size())) {
            return Result.error(400, "2000", "There are no more records.");
        }
        int size = request.query("size")
                .filter(text -> text.matches("\\d{1,4}"))
                .map(Integer::valueOf)
                .filter(number -> number > 0)
                .orElse(LARGEST);
        ArrayNode items = Json.array();
        found.stream().skip(at.get()).limit(Math.min(size, LARGEST)).forEach(items::add);
        ObjectNode body = Links.collection(items);
        ObjectNode links = Links.self(self(request));
        int next = at.get() + items.size();
        if (next < found.size()) {
            ObjectNode link = Links.link(self(request) + "&seekOperation=Next");
            link.withArray("/headers")
                    .addObject()
                    .put("key", "MS-ContinuationToken")
                    .put("value", token(next));
            links.set("next", link);
        }
        body.set("links", links);
        body.set("attributes", Links.attributes("Collection"));
        return Result.ok(body);
    }

    private static String token(int at) {
        return Base64.getEncoder().encodeToString(("records from " + at).getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Integer> position(String token) {
        try {
            String plain = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            return plain.matches("records from \\d{1,6}")
                    ? Optional.of(Integer.valueOf(plain.substring("records from ".length())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String self(HttpRequest request) {
        StringBuilder uri = new StringBuilder("/auditrecords?startDate=")
                .append(request.query("startDate").orElse(""));
        request.query("filter")
                .ifPresent(filter -> uri.append("&filter=").append(URLEncoder.encode(filter, StandardCharsets.UTF_8)));
        return uri.toString();
    }

    private static Optional<Instant> day(HttpRequest request, String name, Instant otherwise) {
        String text = request.query(name).orElse("");
        if (text.isEmpty()) {
            return Optional.of(otherwise);
        }
        try {
            return Optional.of(
                    LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Predicate<ObjectNode>> filter(String text) {
        if (text.isBlank()) {
            return Optional.of(entry -> true);
        }
        JsonNode filter = parsed(text);
        String value = filter.path("Value").asString("").toLowerCase(Locale.ROOT);
        String field = filter.path("Field").asString("").toLowerCase(Locale.ROOT);
        String operator = filter.path("Operator").asString("").toLowerCase(Locale.ROOT);
        return switch (field + " " + operator) {
            case "customerid equals" ->
                Optional.of(entry -> lower(entry, "customerId").equals(value));
            case "resourcetype equals" ->
                Optional.of(entry -> lower(entry, "resourceType").equals(value));
            case "companyname substring" ->
                Optional.of(entry -> lower(entry, "customerName").contains(value));
            default -> Optional.empty();
        };
    }

    private static String lower(ObjectNode entry, String member) {
        return entry.path(member).asString("").toLowerCase(Locale.ROOT);
    }

    private static JsonNode parsed(String text) {
        try {
            return Json.read(text);
        } catch (JacksonException e) {
            return Json.object();
        }
    }
}
