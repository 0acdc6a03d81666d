package dev.offramp.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class PlatformTests {

    @TempDir
    private Path temporary;

    @Test
    void keepsTheLedgerInAFileOfAHomeDirectoryThatNobodyElseMayRead() throws Exception {
        Path home = temporary.resolve("home");
        try (var context = start("--offramp.home=" + home)) {
            assertThat(context.getBean(JdbcClient.class)
                            .sql("select count(*) from request")
                            .query(Integer.class)
                            .single())
                    .isZero();
            assertThat(home.resolve("ledger.mv.db")).exists();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void observesUnlessItIsToldToAct() {
        try (var context = start("--offramp.home=" + temporary)) {
            assertThat(context.getBean(Mode.class)).isEqualTo(Mode.OBSERVE);
        }
    }

    @Test
    void takesNoConnectionBeforeTheFirstStatement() {
        try (var context = start("--offramp.home=" + temporary)) {
            var pool = context.getBean(HikariDataSource.class).getHikariPoolMXBean();
            var jdbc = context.getBean(JdbcClient.class);
            var transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
            transaction.executeWithoutResult(_ -> {
                int idleInside = pool.getActiveConnections();
                jdbc.sql("select 1").query(Integer.class).single();
                assertThat(pool.getActiveConnections()).isGreaterThan(idleInside);
            });
            assertThat(context.getBean(DataSource.class)).isNotInstanceOf(HikariDataSource.class);
        }
    }

    @Test
    void offersTheDatabasesClock() {
        try (var context = start("--offramp.home=" + temporary)) {
            var clock = context.getBean(InstantSource.class);
            var before = clock.instant();
            assertThat(clock.instant()).isAfterOrEqualTo(before);
            assertThat(context.containsBean("clock")).isTrue();
        }
    }

    private static ConfigurableApplicationContext start(String... arguments) {
        var application = new SpringApplication(Part.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(arguments);
    }

    @Configuration(proxyBeanMethods = false)
    @Import(PlatformConfiguration.class)
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        JdbcClientAutoConfiguration.class,
        FlywayAutoConfiguration.class
    })
    static class Part {}
}
