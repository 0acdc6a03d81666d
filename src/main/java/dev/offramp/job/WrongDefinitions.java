package dev.offramp.job;

import java.util.List;
import java.util.stream.Collectors;

/** At least one job definition cannot be taken; it says all that is wrong with all of them. */
final class WrongDefinitions extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WrongDefinitions(List<Problem> problems) {
        super("%s:%n%s"
                .formatted(
                        problems.size() == 1
                                ? "There is a problem in the job definitions"
                                : "There are %d problems in the job definitions".formatted(problems.size()),
                        problems.stream()
                                .sorted()
                                .map(each -> "- " + each)
                                .collect(Collectors.joining(System.lineSeparator()))));
    }
}
