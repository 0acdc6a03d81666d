package dev.offramp.operations.command;

import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a bulk change, which happens only when as many things match as somebody has seen. */
final class Expected {

    @Option(names = "--expect", paramLabel = "N", description = "Only if exactly so many match.")
    private @Nullable Long expect;

    @Option(names = "--yes", description = "Without saying how many, and without being asked.")
    private boolean yes;

    /**
     * The number that the service is told to expect: the one that was given, or the one that was counted just now and
     * agreed to.
     *
     * @param verb e.g. "release"
     * @param done e.g. "released"
     */
    long count(Person person, LongSupplier counting, LongFunction<String> sentence, String verb, String done) {
        if (expect != null) {
            return expect;
        }
        long count = counting.getAsLong();
        if (yes) {
            return count;
        }
        if (count == 0) {
            throw Failure.refused("%s. Nothing was %s.".formatted(sentence.apply(count), done));
        }
        if (!person.isThere()) {
            throw Failure.usage("%s. Nothing was %s; say --expect %d (or --yes) to %s them."
                    .formatted(sentence.apply(count), done, count, verb));
        }
        String question = "%s. %s them?".formatted(sentence.apply(count), capital(verb));
        if (!person.agrees(question)) {
            throw Failure.refused("Nothing was %s.".formatted(done));
        }
        return count;
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
