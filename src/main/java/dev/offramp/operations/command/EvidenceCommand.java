package dev.offramp.operations.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp evidence}: what proves what was done for one request. */
@Command(
        name = "evidence",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what proves one request: who asked, what was read and decided, each resource as it was before it was "
                    + "changed, each call with its answer, what was read afterwards, and who decided something.",
        },
        footer = {
            "",
            "Example:",
            "  offramp evidence 4711",
            "  offramp evidence 4711 --file evidence-4711.json",
            "  offramp evidence --source /contoso/billing --id 01JD3V7Q2M8K6T9X4R5W0ZB1CE"
        })
final class EvidenceCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Parameters(
            paramLabel = "NUMBER",
            arity = "0..1",
            description = "The request's number in the list; without it, --source and --id.")
    private @Nullable Long number;

    @Option(names = "--source", paramLabel = "SOURCE", description = "The source that sent the request.")
    private @Nullable String source;

    @Option(names = "--id", paramLabel = "ID", description = "The id that its source gave it.")
    private @Nullable String id;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Writes all of it as JSON into this file; an older file of this name is replaced.")
    private @Nullable Path file;

    @Override
    public void run() {
        JsonNode proof = options.service().get("/requests/" + number() + "/evidence");
        PrintWriter out = Cells.out(spec);
        if (file == null) {
            options.print(out, proof, told -> print(told, out));
        } else {
            write(proof, file);
            out.println("The evidence was written to " + file + ".");
        }
    }

    private long number() {
        boolean isNamed = source != null && id != null;
        if ((number == null) != isNamed || (source == null) != (id == null)) {
            throw Failure.usage("Name one request: by its number, or by --source and --id.");
        }
        if (number != null) {
            return number;
        }
        var found = options.service()
                .get(
                        "/requests",
                        new Query().with("source", source).with("id", id).members())
                .path("requests");
        if (found.size() != 1) {
            throw Failure.refused("There is no request %s of %s.".formatted(id, source));
        }
        return found.path(0).path("number").asLong();
    }

    private static void write(JsonNode proof, Path file) {
        try {
            Files.writeString(file, proof.toPrettyString() + "\n");
        } catch (IOException e) {
            throw Failure.usage("%s cannot be written (%s).".formatted(file, Service.reason(e)));
        }
    }

    private static void print(JsonNode proof, PrintWriter out) {
        JsonNode request = proof.path("request");
        out.println("Request %s: %s of customer %s"
                .formatted(
                        Cells.text(request, "number"),
                        Cells.text(request, "operation"),
                        Cells.text(request, "customerId")));
        out.println("It is %s: %s, effect %s. %s"
                .formatted(
                        Cells.text(request, "status"),
                        Cells.text(request, "reason"),
                        Cells.text(request, "effect"),
                        Cells.text(request, "message")));
        section("Asked", out);
        Cells.members(proof.path("asked"), out);
        section("Read and decided", out);
        proof.path("read").forEach(each -> {
            out.println(Cells.time(each, "at"));
            out.println("  facts    " + Cells.line(each, "facts"));
            out.println("  verdict  " + Cells.line(each, "verdict"));
        });
        section("Changed", out);
        proof.path("changes").forEach(each -> change(each, out));
        section("Confirmed", out);
        JsonNode confirmed = proof.path("confirmed");
        out.println(
                confirmed.isMissingNode()
                        ? "Nothing was changed, or it is not known yet."
                        : "%s  by %s: %s"
                                .formatted(
                                        Cells.time(confirmed, "at"),
                                        Cells.text(confirmed, "by"),
                                        Cells.text(confirmed, "sentence")));
        resource("after", confirmed.path("after"), out);
        section("People", out);
        proof.path("people")
                .forEach(each -> out.println("%s  %s: %s, because: %s (audit entry %s)"
                        .formatted(
                                Cells.time(each, "at"),
                                Cells.text(each, "who"),
                                Cells.text(each, "what"),
                                Cells.text(each, "reason"),
                                Cells.text(each, "entry"))));
        if (!proof.path("missing").isEmpty()) {
            section("Missing", out);
            proof.path("missing").forEach(each -> out.println(Cells.line(each)));
        }
    }

    private static void change(JsonNode change, PrintWriter out) {
        out.println(Cells.text(change, "step"));
        change.path("calls").forEach(each -> {
            JsonNode call = each.path("call");
            out.println("  call %s  %s  MS-RequestId %s, MS-CorrelationId %s"
                    .formatted(
                            Cells.text(call, "number"),
                            Cells.time(call, "gatedAt"),
                            Cells.text(call, "msRequestId"),
                            Cells.text(call, "msCorrelationId")));
            resource("before", each.path("before"), out);
            out.println("    %s"
                    .formatted(
                            call.hasNonNull("reply")
                                    ? "answered %s  %s  HTTP %s %s"
                                            .formatted(
                                                    Cells.time(call, "repliedAt"),
                                                    Cells.text(call, "reply"),
                                                    Cells.text(call, "httpStatus"),
                                                    Cells.text(call, "code"))
                                            .stripTrailing()
                                    : "no answer was read"));
            if (call.hasNonNull("finding")) {
                String person = Cells.text(call, "foundBy");
                out.println("    %s  %s: it was %s"
                        .formatted(
                                Cells.time(each, "found"),
                                person.isEmpty() ? "reading shows" : person + " decided",
                                Cells.text(call, "finding")));
            }
            resource("answer", each.path("answer"), out);
            each.path("readBacks")
                    .forEach(read -> out.println("    read %s, shows %s: %s"
                            .formatted(Cells.time(read, "at"), Cells.text(read, "shows"), Cells.line(read, "read"))));
        });
    }

    private static void resource(String name, JsonNode resource, PrintWriter out) {
        if (!resource.isMissingNode() && !resource.isNull()) {
            out.println("    %s: %s".formatted(name, Cells.harmless(resource.toString())));
        }
    }

    private static void section(String title, PrintWriter out) {
        out.println();
        out.println(title);
        out.println("-".repeat(title.length()));
    }
}
