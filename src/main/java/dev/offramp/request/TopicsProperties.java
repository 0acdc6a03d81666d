package dev.offramp.request;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The topics.
 *
 * @param requests where requests are read
 * @param refused where records go that could not become requests
 * @param outcomes where outcomes go
 * @param audit where the hashes of sealed audit blocks go; compacted when it is created, so that none is lost
 * @param create whether missing topics are created at start
 * @param partitions how many partitions a created topic has
 * @param replication how many replicas a created topic has; -1 for the broker's default
 */
@ConfigurationProperties("offramp.topics")
public record TopicsProperties(
        @DefaultValue("offramp.requests") String requests,
        @DefaultValue("offramp.requests.refused") String refused,
        @DefaultValue("offramp.outcomes") String outcomes,
        @DefaultValue("offramp.audit") String audit,
        @DefaultValue("true") boolean create,
        @DefaultValue("6") int partitions,
        @DefaultValue("-1") int replication) {}
