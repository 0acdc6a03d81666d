package dev.offramp.testing;

import dev.offramp.simulator.ScenarioBuilder;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One way in which the real Partner Center may be, as far as no document says how it is.
 *
 * @param name short, for the names of tests
 * @param switches the simulator's settings that answer the open questions; what is left out has its usual value
 */
public record World(String name, Map<String, Object> switches) {

    /** The simulator as it is when nobody says anything. */
    public static final World USUAL = new World("the usual world", Map.of());

    /** Whether it has this value at this switch. */
    public boolean has(String name, Object value) {
        return value.equals(switches.get(name));
    }

    /** The scenario takes place in this world. */
    public ScenarioBuilder appliedTo(ScenarioBuilder scenario) {
        switches.forEach(scenario::where);
        return scenario;
    }

    /** The same for the settings of a scenario file. */
    public void applyTo(ObjectNode settings) {
        switches.forEach((name, value) -> settings.set(name, JsonMapper.shared().valueToTree(value)));
    }

    /** For messages: everything that is different here. */
    public String words() {
        return name + " " + switches;
    }

    @Override
    public String toString() {
        return name;
    }
}
