package dev.offramp.schedule;

import dev.offramp.job.Jobs;
import java.time.InstantSource;
import javax.sql.DataSource;
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

    @Bean
    Firings firings(DataSource dataSource, PlatformTransactionManager transactions) {
        return new JdbcFirings(JdbcClient.create(dataSource), new TransactionTemplate(transactions));
    }

    @Bean
    Schedules schedules(Jobs jobs, ScheduleProperties properties, Firings firings, InstantSource clock) {
        return new Schedules(jobs, properties.by(), firings, clock);
    }
}
