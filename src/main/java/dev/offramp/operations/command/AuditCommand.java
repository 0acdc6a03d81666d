package dev.offramp.operations.command;

import dev.offramp.audit.Verification;
import dev.offramp.audit.Verification.Found;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code offramp audit}: who changed what, and why. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Lists, exports or checks who changed what, when and why.",
        footer = {"", "Example:", "  offramp audit list --limit 20", "  offramp audit verify"})
final class AuditCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw Failure.usage("Say what to do: 'audit list', 'audit export audit.jsonl' or 'audit verify'.");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the audit trail, newest first.",
            footer = {"", "Example:", "  offramp audit list --limit 20"})
    void list(@Mixin ServiceOptions options, @Mixin Paging paging) {
        paging.print(
                options,
                Cells.out(spec),
                "/audit",
                new Query(),
                "entries",
                "Nothing was changed by anybody yet.",
                AuditCommand::table);
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Writes the whole audit trail with its seals into a file of JSON lines.",
            footer = {"", "Example:", "  offramp audit export audit-2026-11.jsonl"})
    void export(
            @Mixin ServiceOptions options,
            @Parameters(paramLabel = "FILE", description = "Where to; an older file of this name is replaced.")
                    Path file) {
        options.service().download("/audit/export", file);
        Cells.out(spec).println("The audit trail was written to " + file + ".");
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Checks the audit trail: each block of entries against its hash and the block before, and against the "
                        + "hashes that were published, if they are given.",
                "Checking a file needs no service. Ends with 1 when something is not as it was."
            },
            footer = {"", "Example:", "  offramp audit verify audit-2026-11.jsonl --published hashes.jsonl"})
    void verify(
            @Mixin ServiceOptions options,
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..1",
                            description = "An export; without it the service is asked for one.")
                    @Nullable
                    Path file,
            @Option(
                            names = "--published",
                            paramLabel = "FILE",
                            description =
                                    "The values of the topic offramp.audit, one in a line. Only they show that the "
                                            + "end of the trail was cut off.")
                    @Nullable
                    Path published) {
        var found = file == null ? verified(options, published) : verified(file, published);
        options.print(
                Cells.out(spec),
                Service.JSON.valueToTree(found),
                _ -> Cells.out(spec).println(sentences(found)));
        if (found.broken() != null) {
            throw Failure.refused(found.broken());
        }
    }

    private static Found verified(ServiceOptions options, @Nullable Path published) {
        try {
            var file = Files.createTempFile("offramp-audit", ".jsonl");
            try {
                options.service().download("/audit/export", file);
                return verified(file, published);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw Failure.usage("The audit trail cannot be written to a file of this machine: " + e.getMessage());
        }
    }

    private static Found verified(Path file, @Nullable Path published) {
        try (var export = Files.lines(file);
                var hashes = published == null ? Stream.<String>empty() : Files.lines(published)) {
            return Verification.of(export, hashes);
        } catch (NoSuchFileException e) {
            throw Failure.usage("There is no file %s.".formatted(e.getFile()));
        } catch (IOException | UncheckedIOException e) {
            throw Failure.usage("The file cannot be read as text: " + e.getMessage());
        } catch (Verification.UnreadableException e) {
            throw Failure.usage(e.sentence());
        }
    }

    private static String sentences(Found found) {
        return """
                Sealed: %d entries in %d blocks; of these, %d blocks are kept without their entries.
                Not sealed yet: %d entries.
                Compared with what was published: %d blocks.
                First broken: %s""".formatted(
                        found.sealed(),
                        found.blocks(),
                        found.removed(),
                        found.unsealed(),
                        found.compared(),
                        found.broken() == null ? "none." : found.broken());
    }

    private static Table table(List<JsonNode> entries) {
        var table = new Table("NUMBER", "AT", "WHO", "WHAT", "ON", "REASON");
        entries.forEach(each -> table.row(
                Cells.text(each, "number"),
                Cells.time(each, "at"),
                Cells.text(each, "who"),
                Cells.text(each, "what"),
                Cells.text(each, "target"),
                Cells.text(each, "reason")));
        return table;
    }
}
