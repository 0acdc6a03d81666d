package dev.offramp.architecture.counterexamples.batch;

import org.springframework.batch.infrastructure.item.kafka.KafkaItemReader;

/** Reads the topic in the job itself. */
public abstract class ReadsKafkaInAJob {

    abstract KafkaItemReader<String, String> reader();
}
