package dev.offramp.job;

import dev.offramp.offboarding.Operation;
import java.util.List;
import java.util.Optional;

/** All job definitions of this installation. */
public final class Jobs {

    private final List<JobDefinition> definitions;

    private Jobs(List<JobDefinition> definitions) {
        this.definitions = List.copyOf(definitions);
    }

    public static Jobs of(List<JobDefinition> definitions) {
        return new Jobs(definitions);
    }

    public List<JobDefinition> all() {
        return definitions;
    }

    public Optional<JobDefinition> named(String name) {
        return definitions.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** The job that carries out what the topic asks for. */
    public Optional<JobDefinition> fromTopic(Operation operation) {
        return definitions.stream()
                .filter(each -> each.operation() == operation && each.takes().contains(JobDefinition.Way.TOPIC))
                .findFirst();
    }
}
