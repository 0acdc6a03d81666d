package dev.offramp.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HolderTests {

    private static final URI ADDRESS = URI.create("http://127.0.0.1:8080");

    @TempDir
    private Path home;

    private final Holder self = Holder.thisProcess("node-1", "here", ADDRESS);

    @Test
    void isReadBackWhileItsProcessLives() throws IOException {
        self.write(home);

        assertThat(Holder.of(home, "here")).contains(self);
        assertThat(self.sentence(home))
                .contains("node-1")
                .contains("process " + ProcessHandle.current().pid())
                .contains(self.since().toString())
                .contains("http://127.0.0.1:8080");
        assertThat(self.whatToDo()).contains("--server http://127.0.0.1:8080").contains("leave --standalone out");
    }

    @Test
    void isNobodyWhenItsProcessHasEnded() throws Exception {
        var ended = new ProcessBuilder("true").start();
        ended.waitFor();

        new Holder("node-1", "here", ended.pid(), self.since(), ADDRESS).write(home);

        assertThat(Holder.of(home, "here")).isEmpty();
    }

    @Test
    void isNobodyWhenAnotherProcessHasItsNumberByNow() throws IOException {
        new Holder("node-1", "here", self.process(), self.since().minus(Duration.ofHours(1)), ADDRESS).write(home);

        assertThat(Holder.of(home, "here")).isEmpty();
    }

    @Test
    void isBelievedWhenItIsOfAnotherHostWhoseProcessesNobodySees() throws IOException {
        var other = new Holder("node-1", "there", 1, self.since(), ADDRESS);
        other.write(home);

        assertThat(Holder.of(home, "here")).contains(other);
    }

    @Test
    void isNobodyWhenThereIsNoNoteOrADamagedOne() throws IOException {
        assertThat(Holder.of(home, "here")).isEmpty();

        for (String damaged : new String[] {"", "{}", "[1]", "{\"since\":\"yesterday\"}"}) {
            Files.writeString(Holder.file(home), damaged);
            assertThat(Holder.of(home, "here")).as(damaged).isEmpty();
        }
    }

    @Test
    void takesOnlyItsOwnNoteAway() throws IOException {
        var other = new Holder("node-2", "there", 1, self.since(), ADDRESS);
        other.write(home);
        self.erase(home);
        assertThat(Holder.of(home, "here")).contains(other);

        self.write(home);
        self.erase(home);
        assertThat(home).isEmptyDirectory();
    }
}
