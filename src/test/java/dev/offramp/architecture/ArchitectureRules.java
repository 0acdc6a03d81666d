package dev.offramp.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullMarked;

/**
 * The rules that no reader of the code should have to check.
 *
 * @param root the package whose rooms are meant: Offramp's own, or the one with the counterexamples
 */
record ArchitectureRules(String root) {

    private static final String NOBODY = "";

    /** Room → the rooms that it may know. A room that is not listed does not exist. */
    private static final Map<String, Set<String>> KNOWS = Map.ofEntries(
            Map.entry("offboarding", Set.of()),
            Map.entry("partnercenter.pace", Set.of("offboarding")),
            Map.entry("partnercenter", Set.of("offboarding", "partnercenter.pace")),
            Map.entry("ledger", Set.of("offboarding")),
            Map.entry("safety", Set.of("ledger", "offboarding", "partnercenter", "job")),
            Map.entry("job", Set.of("offboarding")),
            Map.entry("request", Set.of("ledger", "offboarding", "job")),
            Map.entry("run", Set.of("request", "job", "ledger", "offboarding")),
            Map.entry("schedule", Set.of("run", "job", "offboarding")),
            Map.entry("outcome", Set.of("ledger", "offboarding")),
            Map.entry("audit", Set.of("ledger")),
            Map.entry("retention", Set.of("request", "ledger", "offboarding")),
            Map.entry("recovery", Set.of("request", "safety", "ledger", "offboarding")),
            Map.entry("reconcile", Set.of("ledger", "offboarding", "partnercenter", "partnercenter.pace")),
            Map.entry("batch", Set.of("job", "ledger", "offboarding", "safety", "partnercenter", "partnercenter.pace")),
            Map.entry(
                    "operations",
                    Set.of(
                            "ledger",
                            "offboarding",
                            "safety",
                            "partnercenter",
                            "partnercenter.pace",
                            "request",
                            "job",
                            "run",
                            "schedule",
                            "outcome",
                            "recovery",
                            "audit",
                            "batch",
                            "reconcile")),
            Map.entry(
                    "platform",
                    Set.of(
                            "ledger",
                            "offboarding",
                            "safety",
                            "partnercenter",
                            "partnercenter.pace",
                            "request",
                            "job",
                            "run",
                            "schedule",
                            "outcome",
                            "recovery",
                            "audit",
                            "batch",
                            "reconcile",
                            "retention",
                            "operations")),
            Map.entry("simulator", Set.of()));

    ArchRule knowledgeFlowsDownstream() {
        return classes()
                .should(knowOnlyRoomsDownstream())
                .because("a stage that knows its caller cannot be read, tested or replaced alone");
    }

    ArchRule noCycles() {
        return slices().matching(root + ".(**)")
                .should()
                .beFreeOfCycles()
                .because("packages in a cycle are one package in disguise");
    }

    ArchRule decisionsArePure() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".offboarding..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "java.sql..",
                        "javax.sql..",
                        "java.net.http..",
                        "java.io..",
                        "java.nio.file..",
                        "jakarta..",
                        "org.apache.kafka..",
                        "tools.jackson..",
                        "org.slf4j..")
                .because(
                        "a decision over values and an instant can be tested as a table, one that reads the world cannot");
    }

    ArchRule timeIsHandedIn() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(root + ".platform..", root + ".simulator..")
                .should()
                .accessTargetWhere(readsTheClockOfTheMachine())
                .because("the deciding time is the database's, and a test turns it by hand");
    }

    ArchRule jsonIsJackson3() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.jackson.databind..")
                .because("two data binders read the same bytes differently (a missing number is 0 in the old one)");
    }

    ArchRule jobsNeitherReadNorWriteKafka() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.batch.infrastructure.item.kafka..")
                .because(
                        "the reader loses and repeats records at a restart, and the writer stays broken after one failed"
                                + " send; the ledger stands between Kafka and the jobs");
    }

    ArchRule runningJobsAreNotStoppedFromOutside() {
        return noClasses()
                .should()
                .accessTargetWhere(calls("stop", "org.springframework.batch.core.launch.JobOperator"))
                .because("JobOperator.stop races with the step's thread and can leave an execution UNKNOWN for ever;"
                        + " a flag that the step reads stops it");
    }

    ArchRule nothingIsInterrupted() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".simulator..")
                .should()
                .accessTargetWhere(interruptsAnotherThread()
                        .or(calls("shutdownNow", ExecutorService.class.getName()))
                        .or(cancelsWhatRuns())
                        .as("an interrupt (Thread.interrupt, shutdownNow, Future.cancel)"))
                .because("Spring Batch ends an interrupted step as COMPLETED with items missing, and H2 loses its file;"
                        + " a flag that is read between two items stops work");
    }

    ArchRule partsAreBuiltByConstructors() {
        return noFields()
                .should()
                .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                .orShould()
                .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
                .orShould()
                .beAnnotatedWith("jakarta.inject.Inject")
                .orShould()
                .beAnnotatedWith("jakarta.annotation.Resource")
                .because("what a part needs stands in its constructor, where a test can hand it in");
    }

    ArchRule wiringLivesInConfigurations() {
        return noClasses()
                .should()
                .beAnnotatedWith("org.springframework.stereotype.Component")
                .orShould()
                .beAnnotatedWith("org.springframework.stereotype.Service")
                .orShould()
                .beAnnotatedWith("org.springframework.stereotype.Repository")
                .because("a package's one Configuration says what it is made of; parts are plain Java");
    }

    ArchRule configurationsAreCalledSo() {
        return classes()
                .that()
                .areAnnotatedWith("org.springframework.context.annotation.Configuration")
                .should()
                .haveSimpleNameEndingWith("Configuration")
                .andShould(callNoProxiedBeanMethods())
                .allowEmptyShould(true)
                .because("whoever looks for the wiring of a package finds it by name, and it works without a proxy");
    }

    ArchRule packagesAreNullMarked() {
        return classes().should(liveInANullMarkedPackage()).because("the compiler checks for null only what says so");
    }

    ArchRule namesSayWhatAThingIs() {
        return noClasses()
                .should()
                .haveNameMatching(".*[.$](Common\\w*|\\w*(Manager|Helper|Helpers|Util|Utils|Impl|Dto|DTO))")
                .because("such a name says that nobody knew what the thing is for");
    }

    ArchRule onlyTheGateMakesPermits() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(root + ".safety.Gate")
                .should()
                .accessTargetWhere(constructs(root + ".partnercenter.Permit"))
                .because("no path may reach a destructive call but through the gate");
    }

    ArchRule destructiveCallsTakeAPermit() {
        return methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat(are(assignableTo(root + ".partnercenter.PartnerCenter")))
                .and()
                .haveRawReturnType(root + ".partnercenter.Call")
                .should(takeA(root + ".partnercenter.Permit"))
                .because("a call that cannot be taken back needs the gate's word that it may be made now");
    }

    ArchRule onlyTheClientSpeaksHttp() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(
                        root + ".partnercenter..", root + ".operations..", root + ".platform..", root + ".simulator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "org.springframework.web.client..")
                .because("a request that another package sends passes neither gate nor pace");
    }

    ArchRule testsAreCalledSo() {
        return classes()
                .that(haveTests())
                .should(beCalledTests())
                .because("the build runs what is called Tests, and silently nothing else");
    }

    ArchRule testsDoNotSleep() {
        return noClasses()
                .should()
                .accessTargetWhere(calls("sleep", Thread.class.getName())
                        .or(calls("sleep", "java.util.concurrent.TimeUnit"))
                        .as("a sleep"))
                .because(
                        "a sleep is too short on a slow machine and too long on a fast one; Awaitility waits for the fact");
    }

    ArchRule testsAreNotSwitchedOff() {
        return classes()
                .should(haveNothingSwitchedOff())
                .because("a test that does not run proves nothing and looks as if it did");
    }

    private static DescribedPredicate<JavaAccess<?>> calls(String method, String type) {
        return DescribedPredicate.describe(
                type.substring(type.lastIndexOf('.') + 1) + "." + method,
                access -> access.getName().equals(method)
                        && access.getTargetOwner().isAssignableTo(type));
    }

    /** A {@link CompletableFuture} has no thread of its own: cancelling it only says that nobody waits any more. */
    private static DescribedPredicate<JavaAccess<?>> cancelsWhatRuns() {
        return calls("cancel", Future.class.getName())
                .and(DescribedPredicate.describe(
                        "of a thread", access -> !access.getTargetOwner().isAssignableTo(CompletableFuture.class)));
    }

    /** Putting back the flag of one's own thread ({@code Thread.currentThread().interrupt()}) interrupts nobody. */
    private static DescribedPredicate<JavaAccess<?>> interruptsAnotherThread() {
        return calls("interrupt", Thread.class.getName())
                .and(DescribedPredicate.describe(
                        "of another thread",
                        access -> access.getOrigin().getMethodCallsFromSelf().stream()
                                .noneMatch(call -> call.getName().equals("currentThread")
                                        && call.getLineNumber() == access.getLineNumber())));
    }

    private static DescribedPredicate<JavaAccess<?>> constructs(String type) {
        return DescribedPredicate.describe(
                "the constructor of " + type,
                access -> access.getTarget() instanceof AccessTarget.ConstructorCallTarget
                                && access.getTargetOwner().getName().equals(type)
                        || access.getTarget() instanceof AccessTarget.ConstructorReferenceTarget
                                && access.getTargetOwner().getName().equals(type));
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheClockOfTheMachine() {
        return DescribedPredicate.describe("the clock of the machine", access -> {
            var owner = access.getTargetOwner();
            var target = access.getName();
            if (owner.getName().equals("java.util.Date")) {
                return access.getTarget() instanceof AccessTarget.CodeUnitCallTarget made
                        && target.equals("<init>")
                        && made.getRawParameterTypes().isEmpty();
            }
            if (owner.getName().equals("java.lang.System")) {
                return target.equals("currentTimeMillis");
            }
            if (!owner.getPackageName().equals("java.time")) {
                return false;
            }
            var clock = Set.of("java.time.Clock", "java.time.InstantSource").contains(owner.getName());
            return clock
                    ? target.startsWith("system") || target.startsWith("tick")
                    : target.equals("now") && !takesAClock(access);
        });
    }

    private static boolean takesAClock(JavaAccess<?> access) {
        return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                && target.getRawParameterTypes().stream()
                        .anyMatch(type -> type.getName().equals("java.time.Clock"));
    }

    private ArchCondition<JavaClass> knowOnlyRoomsDownstream() {
        return new ArchCondition<>("know only rooms downstream") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                var here = roomOf(from);
                if (here.equals(NOBODY)) {
                    return;
                }
                if (!KNOWS.containsKey(here)) {
                    events.add(SimpleConditionEvent.violated(
                            from, from.getName() + " lives in " + here + ", which is no room of the design"));
                    return;
                }
                for (var dependency : from.getDirectDependenciesFromSelf()) {
                    var to = dependency.getTargetClass().getBaseComponentType();
                    var there = roomOf(to);
                    var isOurs = to.getPackageName().equals(root) || !there.equals(NOBODY);
                    if (isOurs && !there.equals(here) && !mayKnow(here, there, to)) {
                        events.add(SimpleConditionEvent.violated(from, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private boolean mayKnow(String here, String there, JavaClass to) {
        if (here.equals("safety") && there.equals("partnercenter")) {
            return to.getName().equals(root + ".partnercenter.Permit");
        }
        return KNOWS.getOrDefault(here, Set.of()).contains(there);
    }

    /** The room of a class; {@link #NOBODY} for the root package and for classes that are not ours. */
    private String roomOf(JavaClass type) {
        var of = type.getPackageName();
        if (!of.startsWith(root + ".")) {
            return NOBODY;
        }
        var path = of.substring(root.length() + 1);
        if (path.equals("partnercenter.pace") || path.startsWith("partnercenter.pace.")) {
            return "partnercenter.pace";
        }
        return path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package that is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getPackageName() + " of " + type.getSimpleName() + " is not @NullMarked"));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> callNoProxiedBeanMethods() {
        return new ArchCondition<>("have proxyBeanMethods = false") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var proxied = type.getAnnotationOfType("org.springframework.context.annotation.Configuration")
                        .get("proxyBeanMethods")
                        .orElse(true);
                if (!proxied.equals(false)) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " has proxied bean methods"));
                }
            }
        };
    }

    private static ArchCondition<JavaMethod> takeA(String parameter) {
        return new ArchCondition<>("take a " + parameter) {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                if (method.getRawParameterTypes().stream()
                        .noneMatch(type -> type.getName().equals(parameter))) {
                    events.add(SimpleConditionEvent.violated(method, method.getFullName() + " takes no permit"));
                }
            }
        };
    }

    private static DescribedPredicate<JavaClass> haveTests() {
        return DescribedPredicate.describe(
                "have tests",
                type -> type.getMethods().stream()
                        .flatMap(method -> method.getAnnotations().stream())
                        .map(annotation -> annotation.getRawType().getName())
                        .anyMatch(TEST_ANNOTATIONS::contains));
    }

    private static final Set<String> TEST_ANNOTATIONS = Set.of(
            "org.junit.jupiter.api.Test",
            "org.junit.jupiter.api.TestFactory",
            "org.junit.jupiter.api.RepeatedTest",
            "org.junit.jupiter.params.ParameterizedTest",
            "net.jqwik.api.Property",
            "net.jqwik.api.Example");

    private static ArchCondition<JavaClass> beCalledTests() {
        return new ArchCondition<>("be called …Tests, or live in such a class") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var outermost = type;
                while (outermost.getEnclosingClass().isPresent()) {
                    outermost = outermost.getEnclosingClass().get();
                }
                if (!outermost.getSimpleName().endsWith("Tests")) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " has tests that nobody runs"));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> haveNothingSwitchedOff() {
        return new ArchCondition<>("have nothing switched off") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var disabled = "org.junit.jupiter.api.Disabled";
                if (type.isAnnotatedWith(disabled)
                        || type.getMethods().stream().anyMatch(method -> method.isAnnotatedWith(disabled))) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is switched off"));
                }
            }
        };
    }
}
