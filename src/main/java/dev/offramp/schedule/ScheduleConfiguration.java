package dev.offramp.schedule;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.offramp.job.Jobs;
import dev.offramp.run.Runs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires the schedules, and the scheduler where the service fires them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ScheduleProperties.class)
class ScheduleConfiguration {

    /** Longer than the reading of a large file takes; then the database's lease of the firing runs out. */
    private static final Duration LONGEST_END = Duration.ofSeconds(30);

    @Bean
    Firings firings(DataSource dataSource, PlatformTransactionManager transactions) {
        return new JdbcFirings(JdbcClient.create(dataSource), new TransactionTemplate(transactions));
    }

    @Bean
    Schedules schedules(Jobs jobs, ScheduleProperties properties, Firings firings, InstantSource clock) {
        return new Schedules(jobs, properties.by(), firings, clock);
    }

    @Bean
    @ConditionalOnProperty(name = "offramp.schedules.by", havingValue = "service", matchIfMissing = true)
    SchedulerLifecycle schedulerLifecycle(
            Jobs jobs,
            Runs runs,
            Firings firings,
            DataSource dataSource,
            InstantSource clock,
            ScheduleProperties properties,
            @Qualifier("offrampHome") Path home,
            @Value("${offramp.node}") String node) {
        var tasks =
                Schedules.tasks(jobs, new Firing(home, new LocalFileRuns(runs, Runs.LONGEST_PIECE), firings, clock));
        return new SchedulerLifecycle(() -> Scheduler.create(dataSource, List.<Task<?>>of())
                .startTasks(tasks)
                .alwaysPersistTimestampInUTC()
                .schedulerName(new SchedulerName.Fixed(node))
                .clock(clock::instant)
                .pollingInterval(properties.pollInterval())
                .threads(1)
                .shutdownMaxWait(LONGEST_END)
                .build());
    }
}
