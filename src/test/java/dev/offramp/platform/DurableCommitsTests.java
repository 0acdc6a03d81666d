package dev.offramp.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.jdbc.core.simple.JdbcClient;

class DurableCommitsTests {

    @TempDir
    private Path folder;

    @Test
    void addsTheSettingWhereItIsMissing() {
        assertThat(DurableCommits.in("jdbc:h2:file:/a/ledger;LOCK_TIMEOUT=1"))
                .isEqualTo("jdbc:h2:file:/a/ledger;LOCK_TIMEOUT=1;WRITE_DELAY=0");
        assertThat(DurableCommits.in("jdbc:h2:mem:a;write_delay=0")).isEqualTo("jdbc:h2:mem:a;write_delay=0");
        assertThat(DurableCommits.in("jdbc:postgresql://db/offramp")).isEqualTo("jdbc:postgresql://db/offramp");
    }

    @Test
    void refusesAnAddressThatAsksForLateWrites() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurableCommits.in("jdbc:h2:file:/a/ledger;WRITE_DELAY=500"))
                .withMessageContaining("WRITE_DELAY=500")
                .withMessageContaining("forget");
    }

    @Test
    void theServicesOwnPoolHasItAlsoForADatabaseThatIsOpenedAgain() {
        for (int opened = 0; opened < 2; opened++) {
            try (var context = new SpringApplicationBuilder(PlatformConfiguration.class)
                    .web(WebApplicationType.NONE)
                    .properties("spring.datasource.url=jdbc:h2:file:" + folder.resolve("ledger"))
                    .run("--offramp.home=" + folder)) {
                assertThat(JdbcClient.create(context.getBean(HikariDataSource.class))
                                .sql(
                                        "select setting_value from information_schema.settings where setting_name = 'WRITE_DELAY'")
                                .query(String.class)
                                .list())
                        .isNotEmpty()
                        .containsOnly("0");
            }
        }
    }

    @Test
    void aProcessThatDiesRightAfterACommitHasNotForgottenIt() throws Exception {
        String url = DurableCommits.in("jdbc:h2:file:" + folder.resolve("ledger"));
        for (int died = 1; died <= 3; died++) {
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            DiesAfterCommit.class.getName(),
                            url))
                    .inheritIO()
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(DiesAfterCommit.DEAD);
        }

        try (var pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);
            assertThat(JdbcClient.create(pool)
                            .sql("select count(*) from written")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(3);
        }
    }

    /** Writes one row, commits, and is gone without a shutdown. */
    static final class DiesAfterCommit {

        static final int DEAD = 137;

        public static void main(String[] args) throws Exception {
            var connection = DriverManager.getConnection(args[0]);
            var statement = connection.createStatement();
            statement.execute("create table if not exists written (number integer)");
            connection.setAutoCommit(false);
            statement.execute("insert into written values (1)");
            connection.commit();
            Runtime.getRuntime().halt(DEAD);
        }
    }
}
