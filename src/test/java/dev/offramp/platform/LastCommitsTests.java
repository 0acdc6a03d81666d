package dev.offramp.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An H2 file as it is at the moment of a kill, again and again while space in it is used anew. */
class LastCommitsTests {

    private static final int COMMITS = 400;
    /** H2 alone forgets commits in some of so many. */
    private static final int CHECKED = 100;

    @TempDir
    private Path folder;

    @Test
    void areFoundInWhateverStateAKillLeavesTheFile() throws SQLException, IOException {
        var url = url("live") + ";RETENTION_TIME=0";
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("create table commits (number int primary key, ballast varchar)");
            for (int number = 1; number <= COMMITS; number++) {
                statement.execute(
                        "insert into commits values (%d, '%s')".formatted(number, "x".repeat(number * 37 % 3000)));
                statement.execute("update commits set ballast = 'y' where number = " + number / 2);
                if (number > COMMITS - CHECKED) {
                    copy("killed");
                    LastCommits.find(url("killed"));

                    assertThat(newestIn("killed")).isEqualTo(number);
                }
            }
        }
    }

    private String url(String name) {
        return DurableCommits.in("jdbc:h2:file:" + folder.resolve(name));
    }

    private void copy(String to) throws IOException {
        Files.write(folder.resolve(to + ".mv.db"), Files.readAllBytes(folder.resolve("live.mv.db")));
    }

    private int newestIn(String name) throws SQLException {
        try (var connection = DriverManager.getConnection(url(name));
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select max(number) from commits")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
