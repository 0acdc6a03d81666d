package dev.offramp.platform;

import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;

/** Says in a sentence why the service does not start, where that is the configuration or the database. */
public final class FailedStart {

    private FailedStart() {}

    /** Empty when it is neither: then the exception itself has to tell. */
    public static Optional<String> sentence(Throwable failure, Environment environment) {
        return Stream.<FailureAnalyzer>of(
                        new OwnSentences(), new DatabaseTrouble(environment), new UnknownKeys.Analyzer())
                .map(each -> each.analyze(failure))
                .flatMap(Stream::ofNullable)
                .findFirst()
                .map(FailedStart::sentence);
    }

    private static String sentence(FailureAnalysis analysis) {
        String action = analysis.getAction();
        return action == null ? analysis.getDescription() : analysis.getDescription() + " " + action;
    }
}
