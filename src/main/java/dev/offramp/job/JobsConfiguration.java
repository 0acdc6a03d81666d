package dev.offramp.job;

import dev.offramp.job.Definitions.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Wires the job definitions: those of the directory that is named, else those that come with the program. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JobsProperties.class)
class JobsConfiguration {

    @Bean
    Jobs jobs(JobsProperties properties) {
        var directory = properties.directory();
        return directory == null || directory.isBlank()
                ? Definitions.of(packaged())
                : Definitions.in(Path.of(directory.strip()));
    }

    private static List<Source> packaged() {
        try {
            var found = new PathMatchingResourcePatternResolver(JobsConfiguration.class.getClassLoader())
                    .getResources("classpath*:jobs/*/job.yaml");
            // Where a class path has the folder twice, e.g. as the working directory, the first one holds.
            return List.copyOf(Arrays.stream(found)
                    .map(JobsConfiguration::source)
                    .collect(Collectors.toMap(Source::folder, each -> each, (first, _) -> first, LinkedHashMap::new))
                    .values());
        } catch (IOException e) {
            throw new UncheckedIOException("The packaged job definitions cannot be listed", e);
        }
    }

    private static Source source(Resource file) {
        try {
            var parts = file.getURL().getPath().split("/");
            var folder = parts[parts.length - 2];
            return new Source(
                    "jobs/%s/job.yaml".formatted(folder), folder, file.getContentAsString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("A packaged job definition cannot be read", e);
        }
    }
}
