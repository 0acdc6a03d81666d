package dev.offramp.testing;

import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Stops the shared broker when the last test has ended.
 *
 * <p>At the JVM's exit it would be too late: Kafka's own hook deletes the broker's files while it still writes them, and
 * the two hold each other up.
 */
public final class AfterAllTests implements TestExecutionListener {

    @Override
    public void testPlanExecutionFinished(TestPlan testPlan) {
        TestKafka.stop();
    }
}
