package dev.offramp.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the scripts are for a POSIX shell")
class LauncherTests {

    @TempDir
    Path folder;

    @Test
    void takesTheJavaOfTheRightVersionAndHandsAllArgumentsOn() throws Exception {
        var old = java("17.0.15");
        var right = java("25.0.3");
        var jar = Files.createFile(folder.resolve("offramp-1.jar"));

        var ended = Script.of("bin/offramp", "serve", "--reason", "two words", "")
                .with("JAVA_HOME", old.toString())
                .with("JAVA25_HOME", right.toString())
                .with("OFFRAMP_JAR", jar.toString())
                .run();

        assertThat(ended.printed())
                .startsWith("java " + right)
                .contains("<-jar><" + jar + "><serve><--reason><two words><>");
        assertThat(ended.code()).as("the exit code of the service").isEqualTo(7);
    }

    @Test
    void becomesTheServiceSoThatSignalsReachIt() throws Exception {
        var ended = Script.of("bin/offramp")
                .with("OFFRAMP_JAVA", java("25").toString())
                .with(
                        "OFFRAMP_JAR",
                        Files.createFile(folder.resolve("offramp-1.jar")).toString())
                .run();

        assertThat(ended.printed()).contains("pid " + ended.pid() + "\n");
    }

    @Test
    void takesANewerJava() throws Exception {
        var newer = java("26");

        assertThat(Script.of("bin/find-java")
                        .with("JAVA_HOME", newer.toString())
                        .run()
                        .printed())
                .isEqualTo(newer + "/bin/java\n");
    }

    @Test
    void saysHowToBuildWhenThereIsNoJar() throws Exception {
        var copied = folder.resolve("bin/offramp");
        Files.createDirectories(copied.getParent());
        Files.copy(Path.of("bin/offramp"), copied);

        var ended = Script.of("/bin/sh", copied.toString()).run();

        assertThat(ended.printed()).contains("./mvnw -q package -DskipTests");
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void saysThatTheNamedJarIsNotThere() throws Exception {
        var ended = Script.of("bin/offramp").with("OFFRAMP_JAR", "/nowhere.jar").run();

        assertThat(ended.printed()).isEqualTo("OFFRAMP_JAR names /nowhere.jar, which is not there.\n");
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void saysThatTheNamedJavaIsTooOld() throws Exception {
        var old = java("17.0.15");

        var ended =
                Script.of("bin/find-java").with("OFFRAMP_JAVA", old.toString()).run();

        assertThat(ended.printed()).isEqualTo("OFFRAMP_JAVA names " + old + ", which is no Java 25 or newer.\n");
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void knowsTheOldWayOfCountingVersions() throws Exception {
        var eight = java("1.8.0_452");

        assertThat(Script.of("bin/find-java")
                        .with("OFFRAMP_JAVA", eight.toString())
                        .run()
                        .code())
                .isEqualTo(1);
    }

    @Test
    void theBuildStopsWithALineThatSaysHowToGetAJdk() throws Exception {
        var none = Files.writeString(folder.resolve("toolchains.xml"), "<toolchains/>");

        // No toolchain is configured, none is looked for, and the Java that runs Maven does not count.
        var ended = Script.of(
                        "./mvnw",
                        "--batch-mode",
                        "--offline",
                        "--toolchains",
                        none.toString(),
                        "-Dmaven.repo.local=" + localRepository(),
                        "-Dtoolchain.jdk.discover=false",
                        "-Dtoolchain.jdk.mode=Never",
                        "validate")
                .with("JAVA_HOME", System.getProperty("java.home"))
                .with("HOME", System.getProperty("user.home"))
                .run();

        assertThat(ended.printed())
                .contains("BUILD FAILURE")
                .containsPattern(
                        "\\[ERROR\\] .*needs a JDK 25: get one from https://adoptium.net or name yours by JAVA25_HOME");
        assertThat(ended.code()).isEqualTo(1);
    }

    /** Where the build that runs this test has its plugins; an IDE does not say. */
    private static String localRepository() {
        return System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository");
    }

    /** The home of something that calls itself a Java of this version and prints how it was called. */
    private Path java(String version) throws IOException {
        var home = folder.resolve("jdk-" + version);
        var java = home.resolve("bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(java, """
                #!/bin/sh
                echo "java $(dirname "$(dirname "$0")")"
                echo "pid $$"
                for argument in "$@"; do printf '<%s>' "$argument"; done
                exit 7
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return home;
    }
}
