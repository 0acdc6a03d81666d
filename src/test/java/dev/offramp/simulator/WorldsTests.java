package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.testing.World;
import dev.offramp.testing.Worlds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The worlds of the suites leave out no answer to any open question. */
class WorldsTests {

    @Test
    void knowTheSwitchOfEveryOpenQuestion() {
        assertThat(Worlds.SWITCHES.keySet())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Unknowns.class.getRecordComponents())
                        .map(each -> each.getName().replace("cancelledReservationsListed", "cancelledReservations"))
                        .toList());
    }

    @Test
    void knowEveryValueThatAScenarioMayGive() throws IOException {
        JsonNode settings = Json.read(Files.readString(Path.of("schemas/simulator-scenario/v1/schema.json")))
                .at("/$defs/settings/properties");
        Worlds.SWITCHES.forEach((name, values) -> {
            Set<String> allowed = new TreeSet<>();
            settings.path(name).path("enum").forEach(each -> allowed.add(each.asString()));
            if (settings.path(name).path("type").asString("").equals("boolean")) {
                allowed.addAll(List.of("true", "false"));
            }
            if (!allowed.isEmpty()) {
                assertThat(values.stream().map(String::valueOf).distinct())
                        .as(name)
                        .containsExactlyInAnyOrderElementsOf(allowed);
            }
        });
    }

    @Test
    void meetEveryValueOfEverySwitchInTheUsualBuild() {
        List<String> unmet = new ArrayList<>();
        Worlds.SWITCHES.forEach((name, values) -> values.stream()
                .filter(value -> Worlds.ofEveryValue().stream().noneMatch(world -> world.has(name, value)))
                .forEach(value -> unmet.add(name + "=" + value)));
        assertThat(unmet).isEmpty();
    }

    @Test
    void meetEachTwoValuesInTheFullMatrix() {
        List<World> worlds = Worlds.ofEveryPair();
        Set<String> met = new LinkedHashSet<>();
        List<String> names = List.copyOf(Worlds.SWITCHES.keySet());
        for (World world : worlds) {
            for (int one = 0; one < names.size(); one++) {
                for (int other = one + 1; other < names.size(); other++) {
                    met.add(pair(world, names.get(one), names.get(other)));
                }
            }
        }
        long pairs = 0;
        for (int one = 0; one < names.size(); one++) {
            for (int other = one + 1; other < names.size(); other++) {
                pairs += valuesOf(names.get(one)) * valuesOf(names.get(other));
            }
        }
        assertThat((long) met.size()).isEqualTo(pairs);
        assertThat(worlds).hasSizeLessThan(50);
    }

    private static long valuesOf(String name) {
        return Worlds.SWITCHES.get(name).stream().distinct().count();
    }

    private static String pair(World world, String one, String other) {
        return "%s=%s, %s=%s"
                .formatted(
                        one, world.switches().get(one), other, world.switches().get(other));
    }
}
