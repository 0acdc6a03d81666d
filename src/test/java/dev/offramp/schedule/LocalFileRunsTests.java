package dev.offramp.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offramp.run.Run;
import dev.offramp.run.Runs;
import dev.offramp.run.Upload;
import dev.offramp.schedule.FileRuns.Begun;
import dev.offramp.simulator.PartnerCenterSimulator;
import dev.offramp.simulator.Scenario;
import dev.offramp.testing.RunningOfframp;
import dev.offramp.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A firing hands its file over to the running service, and twice is once. */
class LocalFileRunsTests {

    private static final int LINES = 2_000;

    @Test
    void aFileInPiecesIsOneRunHoweverOftenItIsFired(@TempDir Path folder) throws IOException {
        var file = Files.writeString(
                folder.resolve("cancel.csv"),
                IntStream.range(0, LINES)
                        .mapToObj("%1$08d-0000-4000-8000-000000000000,%1$08d-0000-4000-8000-000000000001"::formatted)
                        .collect(Collectors.joining("\n", "customerId,subscriptionId\n", "\n")));
        try (var simulator = PartnerCenterSimulator.start(Scenario.parse("{\"name\": \"empty\"}"), 0);
                var offramp = RunningOfframp.against(simulator)
                        .on(TestDatabase.H2)
                        .onFreshTopics()
                        .with("offramp.batch.enabled", false)
                        .start()) {
            var runs = offramp.context().getBean(Runs.class);
            var fileRuns = new LocalFileRuns(runs, 10_000);

            var said = fileRuns.begin("cancel-subscriptions", "nightly-2026-11-21", file, "schedule", "The schedule");
            assertThat(said).isInstanceOf(Begun.Settled.class);
            assertThat(said.sentence()).contains("the run nightly-2026-11-21", "cancel.csv");
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> newest(runs).upload().state() == Upload.State.LOADED);
            assertThat(newest(runs).upload().message()).isEqualTo("2,000 lines: 2,000 new.");

            fileRuns.begin("cancel-subscriptions", "nightly-2026-11-21", file, "schedule", "The schedule");
            assertThat(runs.list(null, null, 10)).hasSize(1);
            assertThat(runs.requestsOf(newest(runs).number()).ready()).isEqualTo(LINES);

            var corrected = Files.writeString(folder.resolve("corrected.csv"), Files.readString(file) + "\n");
            var jdbc = JdbcClient.create(offramp.context().getBean(DataSource.class));
            jdbc.sql(
                            "update upload set state = 'loading', lease_until = timestamp with time zone '2999-01-01 00:00:00Z'")
                    .update();
            assertThat(fileRuns.begin(
                            "cancel-subscriptions", "nightly-2026-11-21", corrected, "schedule", "The schedule"))
                    .as("while another file of the run is being loaded")
                    .isInstanceOf(Begun.InTheWay.class);
            jdbc.sql("update upload set state = 'loaded'").update();
            assertThat(fileRuns.begin(
                            "cancel-subscriptions", "nightly-2026-11-21", corrected, "schedule", "The schedule"))
                    .isInstanceOf(Begun.Settled.class);
            assertThat(offramp.command(List.of("schedule", "list")).exitCode()).isZero();
        }
    }

    private static Run newest(Runs runs) {
        return runs.list(null, null, 1).getFirst();
    }
}
