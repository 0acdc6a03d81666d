package dev.offramp.batch;

import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Turns;
import dev.offramp.safety.Guards;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.ExecutionContextSerializer;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.StepInterruptionPolicy;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The job: guard, process, summary, verdict. The first three may start again when complete, so that every restart passes
 * the guards anew and reads exactly what is unfinished.
 */
@Configuration(proxyBeanMethods = false)
class JobConfiguration {

    @Bean
    Job offboarding(JobRepository repository, Step guard, Step process, Step summary, Step verdict) {
        return new JobBuilder(OffboardingJob.NAME, repository)
                .start(guard)
                .next(process)
                .next(summary)
                .next(verdict)
                .build();
    }

    @Bean
    Step guard(JobRepository repository, PlatformTransactionManager transactions, Steps steps) {
        return new StepBuilder("guard", repository)
                .tasklet(told(steps::guard), transactions)
                .allowStartIfComplete(true)
                .build();
    }

    @Bean
    Step process(
            JobRepository repository,
            PlatformTransactionManager transactions,
            ItemReading reading,
            ItemWork work,
            ItemSettling settling,
            Runs runs,
            BatchProperties properties) {
        var executor = new SimpleAsyncTaskExecutor("item-");
        executor.setVirtualThreads(true);
        executor.setConcurrencyLimit(properties.concurrency());
        return new StepBuilder("process", repository)
                .<Item, WorkedItem>chunk(properties.chunkSize())
                .transactionManager(transactions)
                .reader(reading)
                .processor(work)
                .writer(settling)
                .taskExecutor(executor)
                .interruptionPolicy(stopsWithTheRun(runs))
                .allowStartIfComplete(true)
                .build();
    }

    @Bean
    Step summary(JobRepository repository, PlatformTransactionManager transactions, Steps steps) {
        return new StepBuilder("summary", repository)
                .tasklet(told(steps::summarise), transactions)
                .allowStartIfComplete(true)
                .build();
    }

    @Bean
    Step verdict(JobRepository repository, PlatformTransactionManager transactions, Steps steps) {
        return new StepBuilder("verdict", repository)
                .tasklet(told(steps::judge), transactions)
                .build();
    }

    @Bean
    Steps steps(
            Runs runs,
            Requests requests,
            Batches batches,
            Guards guards,
            InstantSource clock,
            PlatformTransactionManager transactions) {
        return new Steps(runs, requests, batches, guards, new Json(), clock, new TransactionTemplate(transactions));
    }

    @Bean
    @StepScope
    ItemReading itemReading(
            Requests requests,
            PlatformTransactionManager transactions,
            @Value("#{jobParameters['" + OffboardingJob.BATCH + "']}") long batch) {
        var outside = new TransactionTemplate(transactions);
        outside.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
        return new ItemReading(requests, outside, batch);
    }

    @Bean
    @StepScope
    ItemSettling itemSettling(
            Runs runs,
            Requests requests,
            Turns turns,
            InstantSource clock,
            BatchJournal journal,
            @Value("#{stepExecution}") StepExecution stepExecution) {
        return new ItemSettling(runs, requests, turns, clock, journal, stepExecution);
    }

    /** JSON instead of Java serialization in Base64, from the first row on. */
    @Bean
    ExecutionContextSerializer executionContextSerializer() {
        return new JacksonExecutionContextStringSerializer();
    }

    /**
     * Without {@code setTerminateOnly} a step that leaves its loop early ends COMPLETED with items missing. An interrupt
     * is cleared, so that the status can still be saved.
     */
    static StepInterruptionPolicy stopsWithTheRun(Runs runs) {
        return execution -> {
            Optional<Run> run = runs.of(Steps.batchOf(execution));
            if (Thread.interrupted()) {
                run.ifPresent(Run::interrupted);
            }
            boolean stopped = run.map(each -> each.stopped().isPresent()).orElse(true);
            if (stopped || execution.isTerminateOnly()) {
                execution.setTerminateOnly();
                throw new JobInterruptedException("The batch is to stop.");
            }
        };
    }

    private static Tasklet told(Consumer<StepExecution> step) {
        return (contribution, _) -> {
            step.accept(contribution.getStepExecution());
            return RepeatStatus.FINISHED;
        };
    }
}
