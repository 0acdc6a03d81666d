package dev.offramp.platform;

import com.zaxxer.hikari.HikariDataSource;
import dev.offramp.ledger.Mode;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/** Wires clock, mode and database. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({OfframpProperties.class, DataSourceProperties.class})
class PlatformConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(PlatformConfiguration.class);

    private static final Duration CLOCK_PAUSE = Duration.ofSeconds(1);

    /** The directory of this installation, which is there from now on. */
    @Bean
    Path offrampHome(OfframpProperties properties) {
        return Home.create(properties.home());
    }

    @Bean
    @DependsOn("offrampHome")
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource connectionPool(DataSourceProperties properties) {
        var url = DurableCommits.in(properties.determineUrl());
        LastCommits.find(url);
        return ClosedDatabase.leftBy(properties
                .initializeDataSourceBuilder()
                .url(url)
                .type(HikariDataSource.class)
                .build());
    }

    /** The pool, or what keeps order before it. */
    @Bean(defaultCandidate = false)
    DataSource connections(HikariDataSource connectionPool) {
        return OneAtATime.concerns(connectionPool.getJdbcUrl())
                ? new OneAtATime(connectionPool, Duration.ofMillis(connectionPool.getConnectionTimeout()))
                : connectionPool;
    }

    /** Spring Batch locks its execution contexts before it takes a connection, and somebody inside a transaction may too. */
    @Bean
    static BeanPostProcessor jobRepositoryInTurn(@Qualifier("connections") ObjectProvider<DataSource> connections) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (!(bean instanceof JobRepository) || !(connections.getObject() instanceof OneAtATime turn)) {
                    return bean;
                }
                var proxy = new ProxyFactory(bean);
                proxy.addAdvice((MethodInterceptor) turn::within);
                return proxy.getProxy();
            }
        };
    }

    /** Takes a connection from the pool only when a statement is sent, so that a transaction that waits holds none. */
    @Bean
    @Primary
    DataSource dataSource(@Qualifier("connections") DataSource connections) {
        var lazy = new LazyConnectionDataSourceProxy();
        lazy.setTargetDataSource(connections);
        // Said here, so that it needs no connection to find out.
        lazy.setDefaultAutoCommit(true);
        lazy.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        lazy.afterPropertiesSet();
        return lazy;
    }

    /** All deciding times come from here. Not declared as {@link InstantSource}, so that tests find its hand. */
    @Bean
    DatabaseClock clock(@Qualifier("connections") DataSource connections) {
        // A client of its own: the clock is never asked inside somebody's transaction, which would stop it.
        var jdbc = JdbcClient.create(connections);
        return new DatabaseClock(
                        () -> jdbc.sql("select current_timestamp(6)")
                                .query(OffsetDateTime.class)
                                .single()
                                .toInstant(),
                        System::nanoTime)
                .askingEvery(CLOCK_PAUSE);
    }

    /** Beside a database file only: other databases let several nodes in. */
    @Bean
    HolderNote holderNote(@Qualifier("offrampHome") Path home, OfframpProperties properties) {
        return new HolderNote(home, properties.node(), InstallationDefaults.hostName());
    }

    @Bean
    ApplicationListener<WebServerInitializedEvent> holderNoted(
            HolderNote note, DataSourceProperties database, Environment environment) {
        return event -> {
            if (event.getApplicationContext().getServerNamespace() == null
                    && database.determineUrl().startsWith("jdbc:h2:file:")) {
                note.answersAt(address(environment, event.getWebServer().getPort()));
            }
        };
    }

    private static URI address(Environment environment, int port) {
        String host = environment.getProperty("server.address", "127.0.0.1");
        return URI.create("%s://%s:%d%s"
                .formatted(
                        environment.getProperty("server.ssl.enabled", Boolean.class, false) ? "https" : "http",
                        host.equals("0.0.0.0") || host.equals("::") ? InstallationDefaults.hostName() : host,
                        port,
                        environment.getProperty("server.servlet.context-path", "")));
    }

    @Bean
    Mode mode(OfframpProperties properties) {
        return properties.mode();
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> greeting(OfframpProperties properties) {
        return _ -> LOG.info(
                "Node {} is up in {} mode, declared as {}: {}",
                properties.node(),
                properties.mode().word(),
                properties.environment().word(),
                switch (properties.mode()) {
                    case OBSERVE -> "requests are read and judged, and nothing is changed at Partner Center.";
                    case LIVE -> "what passes the gate is carried out at Partner Center.";
                });
    }
}
