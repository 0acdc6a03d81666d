package dev.offramp.operations;

import dev.offramp.operations.access.Caller;
import io.swagger.v3.oas.models.OpenAPI;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the API's description. */
@Configuration(proxyBeanMethods = false)
class DescriptionConfiguration {

    static {
        // Who asks is not asked for: the log-in says it.
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    @Bean
    OpenAPI frameOfTheDescription() {
        return Description.frame();
    }

    @Bean
    Description description() {
        return new Description();
    }
}
