package dev.offramp.run;

import dev.offramp.job.Jobs;
import dev.offramp.job.Launching;
import dev.offramp.ledger.Requests;
import dev.offramp.request.IntakeProperties;
import dev.offramp.request.RowScreening;
import java.sql.DatabaseMetaData;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepInterruptionPolicy;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires runs and the job that loads files: check, decide, load. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RunProperties.class)
class RunConfiguration {

    /** So many characters of a line are read: more than any line that keeps its schema can have. */
    private static final int LONGEST_LINE = 32 * 1024;

    private final Semaphore wake = new Semaphore(0);
    private final Load.Open open = new Load.Open();

    @Bean
    Uploads uploads(DataSource dataSource, PlatformTransactionManager transactions) {
        return new Uploads(new NamedParameterJdbcTemplate(dataSource), new TransactionTemplate(transactions));
    }

    @Bean
    Runs fileRuns(
            DataSource dataSource,
            Uploads uploads,
            Jobs jobs,
            PlatformTransactionManager transactions,
            InstantSource clock,
            RunProperties properties,
            LoadingJournal journal) {
        return new Runs(
                JdbcClient.create(dataSource),
                uploads,
                jobs,
                new TransactionTemplate(transactions),
                clock,
                properties.maxFileSize().toBytes(),
                journal,
                wake::release);
    }

    @Bean
    @ConditionalOnMissingBean
    LoadingJournal loadingJournal() {
        return new LoadingJournal() {};
    }

    @Bean
    Job loading(
            JobRepository repository,
            @Qualifier("check") Step check,
            @Qualifier("decide") Step decide,
            @Qualifier("load") Step load) {
        return new JobBuilder(LoadingJob.NAME, repository)
                .start(check)
                .next(decide)
                .next(load)
                .build();
    }

    @Bean
    Step check(
            JobRepository repository,
            PlatformTransactionManager transactions,
            @Qualifier("linesToCheck") LinesReader linesToCheck,
            Checking checking,
            RunProperties properties) {
        return new StepBuilder("check", repository)
                .<Line, Line>chunk(properties.chunkSize())
                .transactionManager(transactions)
                .reader(linesToCheck)
                .writer(checking)
                .interruptionPolicy(stopsWithTheLoad())
                .build();
    }

    @Bean
    Step decide(
            JobRepository repository,
            PlatformTransactionManager transactions,
            Uploads uploads,
            Requests requests,
            InstantSource clock,
            IntakeProperties intake) {
        var deciding = new Deciding(uploads, requests, clock, intake.maxOpen());
        return new StepBuilder("decide", repository)
                .tasklet(
                        (contribution, _) -> {
                            deciding.decide(open.existing(LoadingJob.uploadOf(contribution.getStepExecution())));
                            return RepeatStatus.FINISHED;
                        },
                        transactions)
                .build();
    }

    @Bean
    Step load(
            JobRepository repository,
            PlatformTransactionManager transactions,
            @Qualifier("linesToLoad") LinesReader linesToLoad,
            Admitting admitting,
            RunProperties properties) {
        return new StepBuilder("load", repository)
                .<Line, Line>chunk(properties.chunkSize())
                .transactionManager(transactions)
                .reader(linesToLoad)
                .writer(admitting)
                .interruptionPolicy(stopsWithTheLoad())
                .build();
    }

    @Bean
    @StepScope
    LinesReader linesToCheck(
            Uploads uploads,
            RowScreening screening,
            @Value("#{jobParameters['" + LoadingJob.UPLOAD + "']}") long upload) {
        return reader("check", open.existing(upload), uploads, screening, false);
    }

    /** Nothing is read of a file that was refused after the check. */
    @Bean
    @StepScope
    LinesReader linesToLoad(
            Uploads uploads,
            RowScreening screening,
            @Value("#{jobParameters['" + LoadingJob.UPLOAD + "']}") long upload) {
        var refused = uploads.byNumber(upload).state() != Upload.State.LOADING;
        return reader("load", open.existing(upload), uploads, screening, refused);
    }

    private static LinesReader reader(
            String name, Load load, Uploads uploads, RowScreening screening, boolean nothing) {
        var upload = load.upload();
        var definition = load.definition();
        var origin = new RowScreening.Origin(
                definition.name(),
                definition.operation(),
                definition.fileSource(),
                load.run().createdAt(),
                load.run().plan(),
                Objects.requireNonNullElse(upload.requestedBy(), upload.by()),
                upload.cause(),
                Objects.requireNonNull(upload.completeAt(), "Only what is complete is loaded"));
        var reading = new LineReading(load.layout(), load.run(), origin, screening);
        return new LinesReader(name, uploads, load, reading, nothing, Math.min(LONGEST_LINE, screening.longest()));
    }

    @Bean
    @StepScope
    Checking checking(
            Uploads uploads,
            Requests requests,
            LoadingJournal journal,
            @Value("#{jobParameters['" + LoadingJob.UPLOAD + "']}") long upload) {
        return new Checking(open.existing(upload), uploads, requests, journal);
    }

    @Bean
    @StepScope
    Admitting admitting(
            Uploads uploads,
            Requests requests,
            InstantSource clock,
            LoadingJournal journal,
            @Value("#{jobParameters['" + LoadingJob.UPLOAD + "']}") long upload) {
        return new Admitting(open.existing(upload), uploads, requests, clock, journal);
    }

    /** Without {@code setTerminateOnly} a step that leaves its loop early ends COMPLETED with lines missing. */
    private StepInterruptionPolicy stopsWithTheLoad() {
        return execution -> {
            boolean _ = Thread.interrupted();
            var stopped =
                    open.of(LoadingJob.uploadOf(execution)).map(Load::isStopped).orElse(true);
            if (stopped || execution.isTerminateOnly()) {
                execution.setTerminateOnly();
                throw new JobInterruptedException("The load is to stop.");
            }
        };
    }

    @Bean
    Loader loader(
            Uploads uploads,
            Runs fileRuns,
            Jobs jobs,
            JobOperator operator,
            JobRepository repository,
            @Qualifier("loading") Job loading,
            InstantSource clock,
            RunProperties properties,
            @Value("${offramp.node}") String node) {
        return new Loader(
                uploads,
                fileRuns,
                jobs,
                open,
                new Launching(operator, repository),
                loading,
                clock,
                new Loader.Terms(node + "/" + UUID.randomUUID(), properties.lease(), properties.restartAfter()));
    }

    @Bean
    @ConditionalOnProperty(name = "offramp.runs.enabled", havingValue = "true", matchIfMissing = true)
    LoadingLifecycle loadingLifecycle(Loader loader, Uploads uploads, DataSource dataSource, RunProperties properties) {
        return new LoadingLifecycle(
                loader,
                uploads,
                properties.pollInterval(),
                Duration.ofMillis(properties.lease().toMillis() / 5),
                isOurs(dataSource),
                wake);
    }

    /** An H2 that is not a server lets one process in: whoever held a lease before us is dead. */
    private static boolean isOurs(DataSource dataSource) {
        try {
            String url = JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getURL);
            return url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:h2:tcp:") && !url.startsWith("jdbc:h2:ssl:");
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("The database does not tell its address.", e);
        }
    }
}
