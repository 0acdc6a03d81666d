package dev.offramp.partnercenter.pace;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.offboarding.PartnerTenantId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/** Wires the rate limit: shared through PostgreSQL, within the process with H2. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PaceProperties.class)
class PaceConfiguration {

    private static final Duration LOOK_EVERY = Duration.ofMillis(400);
    private static final int CONNECTIONS = 3;

    @Bean
    PaceHolder paceHolder(PaceProperties properties, PartnerTenantId partner, DataSource database) {
        return isPostgres(database) ? shared(properties, partner, database) : alone(properties, partner);
    }

    @Bean
    Pace pace(PaceHolder holder) {
        return holder.pace();
    }

    private static PaceHolder alone(PaceProperties properties, PartnerTenantId partner) {
        return new PaceHolder(pace(properties, partner, new InMemoryTimetable(System::nanoTime)), Optional.empty());
    }

    private static PaceHolder shared(PaceProperties properties, PartnerTenantId partner, DataSource database) {
        DataSource own = ownPool(database);
        Timetable timetable = new PostgresTimetable(JdbcClient.create(own));
        return new PaceHolder(
                pace(properties, partner, timetable),
                own instanceof HikariDataSource pool && own != database ? Optional.of(pool) : Optional.empty());
    }

    private static ReservedPace pace(PaceProperties properties, PartnerTenantId partner, Timetable timetable) {
        return new ReservedPace(timetable, partner, properties.resource(), properties.customer(), System::nanoTime);
    }

    /** A call inside a transaction that holds the last connection of the common pool would wait for itself. */
    private static DataSource ownPool(DataSource database) {
        try {
            if (!database.isWrapperFor(HikariDataSource.class)) {
                return database;
            }
            HikariConfig config = new HikariConfig();
            database.unwrap(HikariDataSource.class).copyStateTo(config);
            config.setPoolName("offramp-pace");
            config.setMinimumIdle(1);
            config.setMaximumPoolSize(CONNECTIONS);
            config.setAutoCommit(true);
            return new HikariDataSource(config);
        } catch (SQLException e) {
            return database;
        }
    }

    private static boolean isPostgres(DataSource database) {
        try {
            String product = JdbcUtils.extractDatabaseMetaData(database, "getDatabaseProductName");
            return DatabaseDriver.fromProductName(product) == DatabaseDriver.POSTGRESQL;
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("The database does not say what it is.", e);
        }
    }

    /** The rate limit with what has to be closed after it. */
    static final class PaceHolder implements DisposableBean {
        private final ReservedPace pace;
        private final Optional<HikariDataSource> pool;
        private final HoldWatch watch;

        PaceHolder(ReservedPace pace, Optional<HikariDataSource> pool) {
            this.pace = pace;
            this.pool = pool;
            watch = new HoldWatch(pace, LOOK_EVERY);
        }

        Pace pace() {
            return pace;
        }

        @Override
        public void destroy() {
            watch.close();
            pool.ifPresent(HikariDataSource::close);
        }
    }
}
