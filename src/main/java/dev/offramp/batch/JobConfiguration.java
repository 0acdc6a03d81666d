package dev.offramp.batch;

import dev.offramp.ledger.Attempts;
import dev.offramp.ledger.Batches;
import dev.offramp.ledger.Requests;
import dev.offramp.ledger.Turns;
import dev.offramp.safety.Guards;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.batch.core.configuration.JobRegistry;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
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
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The jobs, one for each definition: guard, process, summary, verdict. The first three may start again when complete, so that every restart passes
 * the guards anew and reads exactly what is unfinished.
 */
@Configuration(proxyBeanMethods = false)
class JobConfiguration {

    /** One that knows the jobs that are made later, too: a restart looks them up by their names. */
    @Bean
    JobRegistry jobRegistry() {
        return new MapJobRegistry();
    }

    @Bean
    BatchJobs batchJobs(
            JobRegistry registry,
            JobRepository repository,
            PlatformTransactionManager transactions,
            ItemReading reading,
            ItemWork work,
            ItemSettling settling,
            Steps steps,
            Runs runs,
            JobRules rules) {
        return new BatchJobs(
                registry,
                name -> new JobBuilder(name, repository)
                        .start(again("guard", steps::guard, repository, transactions))
                        .next(new StepBuilder("process", repository)
                                .<Item, WorkedItem>chunk(rules.chunkSize(name))
                                .transactionManager(transactions)
                                .reader(reading)
                                .processor(work)
                                .writer(settling)
                                .taskExecutor(virtualThreads(rules.concurrency(name)))
                                .interruptionPolicy(stopsWithTheRun(runs))
                                .allowStartIfComplete(true)
                                .build())
                        .next(again("summary", steps::summarise, repository, transactions))
                        .next(new StepBuilder("verdict", repository)
                                .tasklet(told(steps::judge), transactions)
                                .build())
                        .build());
    }

    private static Step again(
            String name,
            Consumer<StepExecution> step,
            JobRepository repository,
            PlatformTransactionManager transactions) {
        return new StepBuilder(name, repository)
                .tasklet(told(step), transactions)
                .allowStartIfComplete(true)
                .build();
    }

    private static AsyncTaskExecutor virtualThreads(int atOnce) {
        var executor = new SimpleAsyncTaskExecutor("item-");
        executor.setVirtualThreads(true);
        executor.setConcurrencyLimit(atOnce);
        return executor;
    }

    @Bean
    Steps steps(
            Runs runs,
            Requests requests,
            Batches batches,
            Attempts attempts,
            Guards guards,
            InstantSource clock,
            PlatformTransactionManager transactions) {
        return new Steps(
                runs, requests, batches, attempts, guards, new Json(), clock, new TransactionTemplate(transactions));
    }

    @Bean
    @StepScope
    ItemReading itemReading(
            Requests requests,
            PlatformTransactionManager transactions,
            @Value("#{jobParameters['" + BatchJobs.BATCH + "']}") long batch) {
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
