package dev.offramp.operations.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** The options of a list, which the service hands out page by page, newest first. */
final class Paging {

    /** The service gives no more at a time. */
    private static final int PAGE = 200;

    @Option(names = "--limit", paramLabel = "N", description = "How many to show (default: ${DEFAULT-VALUE}).")
    private int limit = 50;

    @Option(names = "--all", description = "All of them, however many there are.")
    private boolean all;

    @Option(names = "--before", paramLabel = "NUMBER", description = "Only older ones than this.")
    private @Nullable String before;

    /**
     * Asks for page after page and prints each.
     *
     * @param member what the list is called in the answer
     * @param nothing what to say when the list is empty
     */
    void print(
            ServiceOptions options,
            PrintWriter out,
            String path,
            Query query,
            String member,
            String nothing,
            Function<List<JsonNode>, Table> table) {
        if (limit < 1) {
            throw Failure.usage("--limit is %d; write 1 or more.".formatted(limit));
        }
        var pages = new Pages(options.service(), path, query, member, all ? Long.MAX_VALUE : limit, before);
        switch (options.output()) {
            case json -> printJson(pages, member, out);
            case table -> printTables(pages, nothing, table, out);
        }
        out.flush();
    }

    private static void printTables(
            Pages pages, String nothing, Function<List<JsonNode>, Table> table, PrintWriter out) {
        boolean headed = false;
        for (var page = pages.read(); !page.isEmpty(); page = pages.read()) {
            var rows = table.apply(page);
            if (headed) {
                rows.printRows(out);
            } else {
                rows.print(out);
            }
            headed = true;
        }
        if (!headed) {
            out.println(nothing);
        }
        if (pages.next != null) {
            out.println("There are more: --before %s, or --all.".formatted(Cells.harmless(pages.next)));
        }
    }

    private static void printJson(Pages pages, String member, PrintWriter out) {
        JsonGenerator json = Service.JSON.writerWithDefaultPrettyPrinter().createGenerator(out);
        json.writeStartObject();
        json.writeName(member);
        json.writeStartArray();
        for (var page = pages.read(); !page.isEmpty(); page = pages.read()) {
            page.forEach(json::writeTree);
        }
        json.writeEndArray();
        if (pages.next != null) {
            json.writeStringProperty("next", pages.next);
        }
        json.writeEndObject();
        json.flush();
        out.println();
    }

    /** Reads on from page to page. */
    private static final class Pages {

        private final Service service;
        private final String path;
        private final Query query;
        private final String member;
        private long left;
        private boolean begun;
        private @Nullable String next;

        Pages(Service service, String path, Query query, String member, long left, @Nullable String before) {
            this.service = service;
            this.path = path;
            this.query = query;
            this.member = member;
            this.left = left;
            this.next = before;
        }

        /** Empty when there is nothing more, or enough was read. */
        List<JsonNode> read() {
            if (left <= 0 || (begun && next == null)) {
                return List.of();
            }
            begun = true;
            query.with("limit", Math.min(left, PAGE)).with("before", next);
            JsonNode page = service.get(path, query.members());
            List<JsonNode> found = page.path(member).valueStream().toList();
            left -= found.size();
            next = page.hasNonNull("next") ? page.path("next").asString("") : null;
            return found;
        }
    }
}
