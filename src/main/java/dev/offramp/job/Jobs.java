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

    /** @throws IllegalArgumentException when two have one name, or take one operation from the topic */
    public static Jobs of(List<JobDefinition> definitions) {
        var jobs = new Jobs(definitions);
        for (var each : definitions) {
            if (jobs.named(each.name()).orElseThrow() != each) {
                throw new IllegalArgumentException("The job %s is defined twice.".formatted(each.name()));
            }
            var first = jobs.fromTopic(each.operation()).orElse(each);
            if (each.takes().contains(JobDefinition.Way.TOPIC) && first != each) {
                throw new IllegalArgumentException("%s and %s both take %s from the topic; only one of them may."
                        .formatted(first.name(), each.name(), each.operation().word()));
            }
        }
        return jobs;
    }

    public List<JobDefinition> all() {
        return definitions;
    }

    public Optional<JobDefinition> named(String name) {
        return definitions.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** Whether any job carries out this operation, from wherever it takes its requests. */
    public boolean carryOut(Operation operation) {
        return definitions.stream().anyMatch(each -> each.operation() == operation);
    }

    /** The job that carries out what the topic asks for. */
    public Optional<JobDefinition> fromTopic(Operation operation) {
        return definitions.stream()
                .filter(each -> each.operation() == operation && each.takes().contains(JobDefinition.Way.TOPIC))
                .findFirst();
    }
}
