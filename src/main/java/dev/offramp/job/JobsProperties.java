package dev.offramp.job;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the job definitions are.
 *
 * @param directory holds a folder with a job.yaml for each job, and replaces the definitions that come with Offramp
 */
@ConfigurationProperties("offramp.jobs")
record JobsProperties(@Nullable String directory) {}
