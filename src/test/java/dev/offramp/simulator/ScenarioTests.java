package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioTests {

    private static final Path SCHEMA = Path.of("schemas/simulator-scenario/v1");

    @ParameterizedTest
    @MethodSource("valid")
    void readsEveryValidExample(Path file) {
        assertThat(Scenario.read(file).customerCount()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refusesEveryInvalidExampleWithFileAndPlace(Path file) {
        assertThatThrownBy(() -> Scenario.read(file))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("At /");
    }

    static Stream<Path> valid() {
        return files(SCHEMA.resolve("valid"));
    }

    static Stream<Path> invalid() {
        return files(SCHEMA.resolve("invalid"));
    }

    @Test
    void namesLineAndColumnOfBrokenJson(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("broken.json"), "{\n  \"customers\": [,]\n}");

        assertThatThrownBy(() -> Scenario.read(file)).hasMessageContaining("Line 2, column");
    }

    @Test
    void refusesADuplicateMember() {
        assertThatThrownBy(() -> Scenario.parse("{\"name\": \"a\", \"name\": \"b\"}"))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("name");
    }

    @Test
    void namesAFileThatDoesNotExist() {
        assertThatThrownBy(() -> Scenario.read(Path.of("no-such-scenario.json")))
                .hasMessage("The scenario no-such-scenario.json does not exist.");
    }

    @Test
    void refusesTheSameIdTwice() {
        assertThatThrownBy(() -> Scenario.builder()
                        .customer("One", c -> c.id("c0000000-0000-4000-8000-000000000001"))
                        .customer("Two", c -> c.id("C0000000-0000-4000-8000-000000000001"))
                        .build())
                .hasMessageContaining("/customers/1")
                .hasMessageContaining("a second time");
    }

    @Test
    void refusesRepeatedCustomersWithOneName() {
        assertThatThrownBy(() ->
                        Scenario.builder().customer("Quiet", c -> c.times(2)).build())
                .hasMessageContaining("/customers/0/companyName")
                .hasMessageContaining("{n}");
    }

    @Test
    void refusesAnImpossibleDate() {
        assertThatThrownBy(() -> Scenario.builder()
                        .customer("One", c -> c.newCommerceLicence(s -> s.created("2026-13-45")))
                        .build())
                .hasMessageContaining("/customers/0/subscriptions/0/created");
    }

    @Test
    void refusesAPathThatIsNoRegularExpression() {
        assertThatThrownBy(() -> Scenario.parse("{\"faults\": [{\"path\": \"(\", \"action\": \"reset\"}]}"))
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("no regular expression: (");
    }

    @Test
    void numbersRepeatedCustomersAndGivesThemTheSameIdsEachTime() {
        Scenario scenario = Scenario.builder()
                .customer("Quiet {nnn}", c -> c.times(220).newCommerceLicence(s -> s))
                .build();

        assertThat(scenario.customers()).hasSize(220);
        CustomerSeed seventh = scenario.customers().get(6);
        assertThat(seventh.companyName()).isEqualTo("Quiet 007");
        assertThat(seventh.domain()).isEqualTo("quiet-007.example");
        assertThat(seventh.id()).isEqualTo(Scenario.customerId("Quiet 007"));
        assertThat(seventh.subscriptions().getFirst().id())
                .isEqualTo(Scenario.subscriptionId(Scenario.customerId("Quiet 007"), 1));
        assertThat(Scenario.customerId("Quiet 007")).isEqualTo("daa18f16-69b8-39c1-8f52-7e045ef668bc");
    }

    @Test
    void writesItselfAsAFileThatReadsTheSame() {
        Scenario scenario = Scenario.builder()
                .named("round trip")
                .propagationDelay(Duration.ofSeconds(2))
                .limit(Limit.perMinute("subscription", 500))
                .burst(Burst.of(3, "customer", Duration.ofSeconds(5)))
                .fault(Fault.on("cancel").nth(2).always().cutsOffAfterTheEffect())
                .fault(Fault.onAnyCall().path("/subscriptions/").method("PATCH").answers(409, "800082", "Later."))
                .customer("Contoso", c -> c.newCommerceLicence(s -> s.with("price", "1.10")))
                .build();

        Scenario again = Scenario.parse(scenario.toJson());

        assertThat(again.toJson()).isEqualTo(scenario.toJson()).contains("1.10");
        assertThat(again.limits()).isEqualTo(scenario.limits());
        assertThat(again.bursts()).isEqualTo(scenario.bursts());
        assertThat(again.settings()).isEqualTo(scenario.settings());
        assertThat(again.faults()).hasSize(2);
        assertThat(again.faults().getFirst()).isEqualTo(scenario.faults().getFirst());
        assertThat(again.faults().getLast().body())
                .isEqualTo(scenario.faults().getLast().body());
    }

    @Test
    void hasABuiltInScenario() {
        assertThat(Scenario.builtIn().customerCount()).isEqualTo(25);
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
