package dev.offramp.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.offramp.architecture.counterexamples.CommonThings;
import dev.offramp.architecture.counterexamples.batch.CancelsAFuture;
import dev.offramp.architecture.counterexamples.batch.GivesUpAnAnswer;
import dev.offramp.architecture.counterexamples.batch.InterruptsAWorker;
import dev.offramp.architecture.counterexamples.batch.IsAComponent;
import dev.offramp.architecture.counterexamples.batch.MakesItsOwnPermit;
import dev.offramp.architecture.counterexamples.batch.ReadsKafkaInAJob;
import dev.offramp.architecture.counterexamples.batch.ReferencesThePermitsConstructor;
import dev.offramp.architecture.counterexamples.batch.RestoresItsFlag;
import dev.offramp.architecture.counterexamples.batch.ShutsDownNow;
import dev.offramp.architecture.counterexamples.batch.StopsItsJob;
import dev.offramp.architecture.counterexamples.batch.WaitsInAField;
import dev.offramp.architecture.counterexamples.batch.Wiring;
import dev.offramp.architecture.counterexamples.batch.WithProxiesConfiguration;
import dev.offramp.architecture.counterexamples.cellar.LivesInNoRoom;
import dev.offramp.architecture.counterexamples.ledger.AsksTheClock;
import dev.offramp.architecture.counterexamples.ledger.KnowsItsCaller;
import dev.offramp.architecture.counterexamples.ledger.ReferencesTheClock;
import dev.offramp.architecture.counterexamples.ledger.SpeaksHttp;
import dev.offramp.architecture.counterexamples.ledger.TakesTheSystemsClock;
import dev.offramp.architecture.counterexamples.offboarding.ReadsAFile;
import dev.offramp.architecture.counterexamples.offboarding.UsesSpring;
import dev.offramp.architecture.counterexamples.partnercenter.PartnerCenter;
import dev.offramp.architecture.counterexamples.platform.Clocks;
import dev.offramp.architecture.counterexamples.request.KnowsThePlatform;
import dev.offramp.architecture.counterexamples.request.KnowsTheSimulator;
import dev.offramp.architecture.counterexamples.request.OldJson;
import dev.offramp.architecture.counterexamples.safety.AsksPartnerCenter;
import dev.offramp.architecture.counterexamples.safety.Gate;
import dev.offramp.architecture.counterexamples.unmarked.NotNullMarked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTests {

    private static final String OFFRAMP = "dev.offramp";
    private static final String COUNTEREXAMPLES = "dev.offramp.architecture.counterexamples";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OFFRAMP);

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/architecture/counterexamples/"))
            .importPackages(OFFRAMP);

    private static final JavaClasses EXAMPLES = new ClassFileImporter().importPackages(COUNTEREXAMPLES);

    static Stream<Case> rulesOfMain() {
        return Stream.of(
                rule("knowledge flows downstream", ArchitectureRules::knowledgeFlowsDownstream)
                        .isBrokenBy(KnowsItsCaller.class)
                        .isBrokenBy(KnowsThePlatform.class)
                        .isBrokenBy(KnowsTheSimulator.class)
                        .isBrokenBy(AsksPartnerCenter.class)
                        .isBrokenBy(LivesInNoRoom.class),
                rule("no cycles", ArchitectureRules::noCycles)
                        .isBrokenBy(KnowsItsCaller.class, dev.offramp.architecture.counterexamples.batch.Caller.class),
                rule("decisions are pure", ArchitectureRules::decisionsArePure)
                        .isBrokenBy(UsesSpring.class)
                        .isBrokenBy(ReadsAFile.class),
                rule("time is handed in", ArchitectureRules::timeIsHandedIn)
                        .isBrokenBy(AsksTheClock.class)
                        .isBrokenBy(ReferencesTheClock.class)
                        .isBrokenBy(TakesTheSystemsClock.class)
                        .isKeptBy(Clocks.class),
                rule("JSON is Jackson 3", ArchitectureRules::jsonIsJackson3).isBrokenBy(OldJson.class),
                rule("jobs neither read nor write Kafka", ArchitectureRules::jobsNeitherReadNorWriteKafka)
                        .isBrokenBy(ReadsKafkaInAJob.class),
                rule(
                                "running jobs are not stopped from outside",
                                ArchitectureRules::runningJobsAreNotStoppedFromOutside)
                        .isBrokenBy(StopsItsJob.class),
                rule("nothing is interrupted", ArchitectureRules::nothingIsInterrupted)
                        .isBrokenBy(InterruptsAWorker.class)
                        .isBrokenBy(ShutsDownNow.class)
                        .isBrokenBy(CancelsAFuture.class)
                        .isKeptBy(GivesUpAnAnswer.class)
                        .isKeptBy(RestoresItsFlag.class),
                rule("parts are built by constructors", ArchitectureRules::partsAreBuiltByConstructors)
                        .isBrokenBy(WaitsInAField.class),
                rule("wiring lives in configurations", ArchitectureRules::wiringLivesInConfigurations)
                        .isBrokenBy(IsAComponent.class),
                rule("configurations are called so", ArchitectureRules::configurationsAreCalledSo)
                        .isBrokenBy(Wiring.class)
                        .isBrokenBy(WithProxiesConfiguration.class),
                rule("packages are null-marked", ArchitectureRules::packagesAreNullMarked)
                        .isBrokenBy(NotNullMarked.class),
                rule("names say what a thing is", ArchitectureRules::namesSayWhatAThingIs)
                        .isBrokenBy(CommonThings.class)
                        .isBrokenBy(CommonThings.RequestManager.class)
                        .isBrokenBy(CommonThings.DateUtils.class)
                        .isBrokenBy(CommonThings.LedgerImpl.class)
                        .isKeptBy(Gate.class),
                rule("only the gate makes permits", ArchitectureRules::onlyTheGateMakesPermits)
                        .isBrokenBy(MakesItsOwnPermit.class)
                        .isBrokenBy(ReferencesThePermitsConstructor.class)
                        .isKeptBy(Gate.class),
                rule("destructive calls take a permit", ArchitectureRules::destructiveCallsTakeAPermit)
                        .isBrokenBy(PartnerCenter.class),
                rule("only the client speaks HTTP", ArchitectureRules::onlyTheClientSpeaksHttp)
                        .isBrokenBy(SpeaksHttp.class));
    }

    static Stream<Case> rulesOfTests() {
        return Stream.of(
                rule("tests are called so", ArchitectureRules::testsAreCalledSo)
                        .isBrokenBy(CommonThings.NobodyRunsMe.class),
                rule("tests do not sleep", ArchitectureRules::testsDoNotSleep)
                        .isBrokenBy(CommonThings.SleepyTests.class),
                rule("tests are not switched off", ArchitectureRules::testsAreNotSwitchedOff)
                        .isBrokenBy(CommonThings.SwitchedOffTests.class));
    }

    static Stream<Case> allRules() {
        return Stream.concat(rulesOfMain(), rulesOfTests());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rulesOfMain")
    void mainCodeKeepsTheRule(Case rule) {
        rule.forRoot(OFFRAMP).check(MAIN);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rulesOfTests")
    void testCodeKeepsTheRule(Case rule) {
        rule.forRoot(OFFRAMP).check(TESTS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("allRules")
    void theRuleCatchesEachOfItsCounterexamples(Case rule) {
        assertThat(rule.broken())
                .isNotEmpty()
                .allSatisfy(counterexample -> assertThat(rule.forRoot(COUNTEREXAMPLES)
                                .evaluate(imported(counterexample))
                                .hasViolation())
                        .as("%s is caught", counterexample)
                        .isTrue());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("allRules")
    void theRuleLetsTheRightWayPass(Case rule) {
        assertThat(rule.kept())
                .allSatisfy(example -> assertThat(rule.forRoot(COUNTEREXAMPLES)
                                .allowEmptyShould(true)
                                .evaluate(imported(List.of(example)))
                                .getFailureReport()
                                .getDetails())
                        .isEmpty());
    }

    @Test
    void everyPackageSaysInASentenceWhatItIsFor() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            var packages =
                    files.filter(file -> file.endsWith("package-info.java")).toList();
            assertThat(packages)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .matches("(?s).*/\\*\\*\\s*(\\*\\s*)?[A-Z].{15,}?\\.\\s.*@NullMarked\\s.*"));
        }
    }

    private static JavaClasses imported(List<Class<?>> types) {
        return EXAMPLES.that(DescribedPredicate.describe(
                "are meant",
                type -> types.stream().anyMatch(meant -> meant.getName().equals(type.getName()))));
    }

    private static Case rule(String name, Function<ArchitectureRules, ArchRule> rule) {
        return new Case(name, rule, List.of(), List.of());
    }

    /** A rule with code that breaks it, and code that looks alike but keeps it. */
    record Case(
            String name, Function<ArchitectureRules, ArchRule> rule, List<List<Class<?>>> broken, List<Class<?>> kept) {

        Case isBrokenBy(Class<?>... together) {
            return new Case(
                    name,
                    rule,
                    Stream.concat(broken.stream(), Stream.of(List.of(together))).toList(),
                    kept);
        }

        Case isKeptBy(Class<?> example) {
            return new Case(
                    name,
                    rule,
                    broken,
                    Stream.<Class<?>>concat(kept.stream(), Stream.of(example)).toList());
        }

        ArchRule forRoot(String root) {
            return rule.apply(new ArchitectureRules(root));
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
