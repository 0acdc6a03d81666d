package dev.offramp.platform;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Stops the start when a key of ours is unknown or retired: a misspelt limit must not be an absent one. It listens
 * instead of post-processing the environment, so that the log is there to say it.
 */
final class UnknownKeys implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        var sources = event.getEnvironment().getPropertySources().stream().toList();
        List<String> complaints = KnownKeys.ofThisProgram()
                .complaints(
                        sources.stream().filter(each -> !isEnvironment(each)).flatMap(UnknownKeys::names),
                        sources.stream().filter(UnknownKeys::isEnvironment).flatMap(UnknownKeys::names));
        if (!complaints.isEmpty()) {
            throw new UnknownKeyException(complaints);
        }
    }

    private static boolean isEnvironment(PropertySource<?> source) {
        return source.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    }

    private static Stream<String> names(PropertySource<?> source) {
        return source instanceof EnumerablePropertySource<?> enumerable
                ? Stream.of(enumerable.getPropertyNames())
                : Stream.empty();
    }

    /** At least one key is unknown or retired. */
    static final class UnknownKeyException extends RuntimeException {

        UnknownKeyException(List<String> complaints) {
            super(String.join(System.lineSeparator(), complaints));
        }
    }

    /** Says it without a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<UnknownKeyException> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, UnknownKeyException cause) {
            return new FailureAnalysis(
                    cause.getMessage(),
                    "Correct or remove what is named above, in the file, variable or argument where it stands. All keys: docs/configuration.md.",
                    cause);
        }
    }
}
