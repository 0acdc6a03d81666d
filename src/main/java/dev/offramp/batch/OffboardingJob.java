package dev.offramp.batch;

/** Names of the one job that carries requests out. */
final class OffboardingJob {

    static final String NAME = "offboarding";

    /** The identifying parameter: the batch's number. */
    static final String BATCH = "batch";

    private OffboardingJob() {}
}
