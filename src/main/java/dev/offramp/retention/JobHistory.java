package dev.offramp.retention;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What Spring Batch keeps of a job: its instance, executions, parameters, steps and contexts. */
final class JobHistory {

    private final JdbcClient jdbc;
    private final JobRepository repository;

    JobHistory(JdbcClient jdbc, JobRepository repository) {
        this.jdbc = jdbc;
        this.repository = repository;
    }

    /** A job that was identified by one number. */
    record Launched(String job, String parameter, long number) {}

    /** In the caller's transaction. */
    void delete(List<Launched> launched) {
        var instances = launched.stream().flatMap(this::instanceOf).toList();
        if (instances.isEmpty()) {
            return;
        }
        of(instances, """
                delete from batch_step_execution_context
                where step_execution_id in (
                    select s.step_execution_id
                    from batch_step_execution s
                    join batch_job_execution e on e.job_execution_id = s.job_execution_id
                    where e.job_instance_id in (:instances))
                """);
        for (var table : List.of("batch_step_execution", "batch_job_execution_context", "batch_job_execution_params")) {
            of(instances, """
                    delete from %s
                    where job_execution_id in (
                        select job_execution_id from batch_job_execution where job_instance_id in (:instances))
                    """.formatted(table));
        }
        of(instances, "delete from batch_job_execution where job_instance_id in (:instances)");
        of(instances, "delete from batch_job_instance where job_instance_id in (:instances)");
    }

    /** By the key that Spring Batch makes of the parameters, as it stands in an index. */
    private Stream<Long> instanceOf(Launched launched) {
        var parameters = new JobParametersBuilder()
                .addLong(launched.parameter(), launched.number())
                .toJobParameters();
        return Stream.of(launched.job())
                .map(job -> repository.getJobInstance(job, parameters))
                .filter(Objects::nonNull)
                .map(JobInstance::getInstanceId);
    }

    private void of(List<Long> instances, String sql) {
        jdbc.sql(sql).param("instances", instances).update();
    }
}
