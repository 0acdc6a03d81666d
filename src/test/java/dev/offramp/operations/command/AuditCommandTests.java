package dev.offramp.operations.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.ledger.Audit;
import dev.offramp.operations.RunningService;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over the running service, whose sealer seals by itself. */
class AuditCommandTests {

    private final RunningService service = RunningService.get();

    @TempDir
    private Path folder;

    private Path export;

    @BeforeEach
    void exportOne() {
        var ledger = service.ledger();
        ledger.ledger().audit().add(new Audit.Entry("ann", "tested", "the trail", "it must hold", ""), ledger.now());
        export = folder.resolve("audit.jsonl");
        var ran = run("audit", "export", export.toString());
        assertThat(ran.code()).as(ran.err()).isZero();
    }

    @Test
    void checksAnExportWithoutTheService() {
        var ran = runFar("audit", "verify", export.toString());

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("Sealed: ").contains("Not sealed yet: ").contains("First broken: none.");
    }

    @Test
    void checksTheServicesTrailInOneGo() {
        var ran = run("audit", "verify", "--output", "json");

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(Service.JSON.readTree(ran.out()).required("broken").isNull()).isTrue();
    }

    @Test
    void endsWithOneAndNamesTheBlockThatIsNotAsItWas() throws Exception {
        var lines = Files.readAllLines(export);
        lines.addFirst(lines.getLast());
        Files.write(export, lines);

        var ran = runFar("audit", "verify", export.toString());

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out() + ran.err()).containsAnyOf("Block 1 stands behind", "does not stand there");
    }

    @Test
    void endsWithTwoWhenAFileIsNone() throws Exception {
        var none = runFar("audit", "verify", folder.resolve("none").toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("There is no file");

        var hashes = Files.writeString(folder.resolve("hashes"), "hello\n");
        var noHashes = runFar("audit", "verify", export.toString(), "--published", hashes.toString());
        assertThat(noHashes.code()).isEqualTo(2);
        assertThat(noHashes.err()).contains("Line 1 of the published hashes");
    }

    private Ran run(String... arguments) {
        return run(service.home(), arguments);
    }

    /** Where no service is. */
    private Ran runFar(String... arguments) {
        return run(folder, arguments);
    }

    private static Ran run(Path home, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = Stream.concat(Stream.of(arguments), Stream.of("--home", home.toString()))
                .toArray(String[]::new);
        int code = OfframpCommand.with(Surroundings.ofThisProcess(InstantSource.system()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
        return new Ran(code, out.toString(), err.toString());
    }

    private record Ran(int code, String out, String err) {}
}
