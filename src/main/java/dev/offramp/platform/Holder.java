package dev.offramp.platform;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The process that has the database file of a home open, as it noted itself beside that file.
 *
 * @param since when the process started
 * @param address where it answers
 */
record Holder(String node, String host, long process, Instant since, URI address) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The start of one process is told a little differently each time it is asked. */
    private static final Duration BLUR = Duration.ofSeconds(2);

    static Holder thisProcess(String node, String host, URI address) {
        var self = ProcessHandle.current();
        return new Holder(
                node,
                host,
                self.pid(),
                self.info().startInstant().orElseGet(Instant::now).truncatedTo(ChronoUnit.SECONDS),
                address);
    }

    static Path file(Path home) {
        return home.resolve("holder");
    }

    /** Who is noted there; empty when nobody is, or when the note outlived its process. */
    static Optional<Holder> of(Path home, String host) {
        return noted(home).filter(holder -> !holder.host().equals(host) || holder.lives());
    }

    private static Optional<Holder> noted(Path home) {
        try {
            JsonNode note = JSON.readTree(Files.readString(file(home)));
            return Optional.of(new Holder(
                    note.path("node").asString(),
                    note.path("host").asString(),
                    note.path("process").asLong(),
                    Instant.parse(note.path("since").asString()),
                    URI.create(note.path("address").asString())));
        } catch (IOException | JacksonException | IllegalArgumentException | DateTimeException e) {
            // It only makes a sentence richer: what cannot be read is not there.
            return Optional.empty();
        }
    }

    /** A process of this number that started at that time: numbers are used again. */
    private boolean lives() {
        return ProcessHandle.of(process)
                .filter(ProcessHandle::isAlive)
                .filter(found -> found.info()
                        .startInstant()
                        .map(started -> Duration.between(since, started).abs().compareTo(BLUR) <= 0)
                        .orElse(true))
                .isPresent();
    }

    void write(Path home) throws IOException {
        Path whole = Files.createTempFile(home, "holder", ".new");
        try {
            Files.writeString(
                    whole,
                    JSON.writerWithDefaultPrettyPrinter()
                            .writeValueAsString(JSON.createObjectNode()
                                    .put("node", node)
                                    .put("host", host)
                                    .put("process", process)
                                    .put("since", since.toString())
                                    .put("address", address.toString())));
            Files.move(whole, file(home), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** Takes the note away, unless it is another's by now. */
    void erase(Path home) throws IOException {
        if (noted(home).filter(noted -> noted.equals(this)).isPresent()) {
            Files.deleteIfExists(file(home));
        }
    }

    String sentence(Path home) {
        return "The ledger in %s is open in another process: node %s on %s, process %d, since %s, which answers at %s. Nothing was changed."
                .formatted(home, node, host, process, since, address);
    }

    String whatToDo() {
        return "Use the one that runs: leave --standalone out, or name it with --server %s. To start another beside it, give it another offramp.home; several nodes with one ledger need PostgreSQL."
                .formatted(address);
    }
}
