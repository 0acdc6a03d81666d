package dev.offramp.job;

import dev.offramp.job.JobDefinition.FileRules;
import dev.offramp.job.JobDefinition.Guards;
import dev.offramp.job.JobDefinition.Limits;
import dev.offramp.job.JobDefinition.Way;
import dev.offramp.offboarding.Operation;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the job definitions. */
@Configuration(proxyBeanMethods = false)
class JobsConfiguration {

    @Bean
    Jobs jobs() {
        return Jobs.of(Stream.of(Operation.CANCEL_SUBSCRIPTION, Operation.REMOVE_RESELLER_RELATIONSHIP)
                .map(operation -> new JobDefinition(
                        operation.word() + "s",
                        "",
                        operation,
                        EnumSet.allOf(Way.class),
                        false,
                        Limits.USUAL,
                        Guards.USUAL,
                        null,
                        null,
                        FileRules.USUAL))
                .toList());
    }
}
