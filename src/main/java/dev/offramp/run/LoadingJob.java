package dev.offramp.run;

import org.springframework.batch.core.step.StepExecution;

/** Names of the job that loads files. */
final class LoadingJob {

    static final String NAME = "loading";

    /** The identifying parameter: the upload's number. */
    static final String UPLOAD = "upload";

    private LoadingJob() {}

    static long uploadOf(StepExecution execution) {
        Long upload = execution.getJobParameters().getLong(UPLOAD);
        if (upload == null) {
            throw new IllegalStateException("The job was started without the parameter 'upload'.");
        }
        return upload;
    }
}
