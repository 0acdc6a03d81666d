package dev.offramp.partnercenter.pace;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the rate limit. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PaceProperties.class)
class PaceConfiguration {

    @Bean
    Pace pace(PaceProperties properties) {
        return new InProcessPace(properties.resource(), properties.customer(), System::nanoTime);
    }
}
