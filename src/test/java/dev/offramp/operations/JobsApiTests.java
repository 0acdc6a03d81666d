package dev.offramp.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class JobsApiTests {

    private final RunningService service = RunningService.get();

    @Test
    void listsTheJobsThatComeWithTheService() {
        assertThat(service.get("/api/v1/jobs")
                        .body()
                        .path("jobs")
                        .valueStream()
                        .map(job -> job.path("name").asString()))
                .contains("cancel-subscriptions", "remove-reseller-relationships");
    }

    @Test
    void showsWhatADefinitionSaysAndLeavesOutWhatItDoesNot() {
        JsonNode job = service.get("/api/v1/jobs/remove-reseller-relationships").body();

        assertThat(job.path("operation").asString()).isEqualTo("remove-reseller-relationship");
        assertThat(job.path("takes").valueStream().map(JsonNode::asString)).containsExactly("topic", "file");
        assertThat(job.path("reversible").booleanValue()).isFalse();
        assertThat(job.path("approval").asString()).isEqualTo("release");
        assertThat(job.at("/limits/paceShare").intValue()).isEqualTo(100);
        assertThat(job.at("/limits").has("batchSize")).isFalse();
        assertThat(job.has("window")).isFalse();
        assertThat(job.at("/schedule/run").asString()).isEqualTo("nightly-{date}");
        assertThat(job.at("/file/badLines").intValue()).isEqualTo(2);
        assertThat(job.path("fileSource").asString()).isEqualTo("file:remove-reseller-relationships");
    }

    @Test
    void saysThatThereIsNoSuchJob() {
        var answer = service.get("/api/v1/jobs/nonsense");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.detail()).isEqualTo("There is no job nonsense.");
    }
}
