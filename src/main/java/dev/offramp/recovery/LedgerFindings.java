package dev.offramp.recovery;

import dev.offramp.ledger.Offsets;
import dev.offramp.ledger.Recoveries;
import dev.offramp.ledger.Recoveries.Told;
import dev.offramp.ledger.Requests;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds out whether the ledger is older than what was read or told: by the offsets that the group has committed, and by the
 * newest outcomes on their topic.
 */
final class LedgerFindings {

    private final KafkaSide kafka;
    private final Offsets offsets;
    private final Requests requests;
    private final Recoveries recoveries;
    private final ToldMessages messages;
    private final List<String> requestTopics;
    private final String outcomesTopic;

    LedgerFindings(
            KafkaSide kafka,
            Offsets offsets,
            Requests requests,
            Recoveries recoveries,
            ToldMessages messages,
            List<String> requestTopics,
            String outcomesTopic) {
        this.kafka = kafka;
        this.offsets = offsets;
        this.requests = requests;
        this.recoveries = recoveries;
        this.messages = messages;
        this.requestTopics = List.copyOf(requestTopics);
        this.outcomesTopic = outcomesTopic;
    }

    /**
     * How one partition of a request topic stands.
     *
     * @param ledger the next offset by the ledger
     * @param read the next offset by the group; where the group knows none and the ledger is empty, the partition's end
     * @param committed whether the group knows one
     * @param first the oldest offset that Kafka still has
     * @param next the partition's end
     */
    record Partition(String topic, int partition, long ledger, long read, boolean committed, long first, long next) {

        /** Where reading goes on. */
        long from() {
            return Math.min(Math.max(ledger, first), until());
        }

        /** Up to where it had been read. */
        long until() {
            return Math.max(ledger, Math.min(read, next));
        }

        /** Records that were read, are in no ledger, and that Kafka has no longer. */
        long gone() {
            return Math.max(0, Math.min(first, read) - ledger);
        }
    }

    /**
     * What was found.
     *
     * @param older whether the ledger is older than it was
     * @param newest the newest outcomes that were told and that the ledger does not know
     */
    record Found(boolean older, List<Partition> partitions, List<Told> newest, boolean empty) {

        String words() {
            var behind = partitions.stream()
                    .filter(each -> each.until() > each.ledger() || each.gone() > 0)
                    .map(each -> "partition %d of %s is in the ledger up to offset %d and was read up to %d"
                            .formatted(each.partition(), each.topic(), each.ledger(), each.read()))
                    .toList();
            var reasons = new ArrayList<>(behind);
            newest.stream()
                    .findFirst()
                    .ifPresent(told -> reasons.add(
                            "outcome %s#%d was told and is not in the ledger".formatted(told.key(), told.sequence())));
            return "This database is %s: %s."
                    .formatted(
                            empty ? "empty and was not always" : "older than it was",
                            reasons.isEmpty() ? "outcomes were told before" : String.join("; ", reasons));
        }
    }

    /** @throws KafkaSide.Silent when Kafka does not say */
    Found find() {
        var told = kafka.ends(outcomesTopic);
        var newest = unknown(told);
        boolean empty = requests.list(Requests.Filter.ALL, null, 1).isEmpty();
        boolean toldAndGone = empty
                && newest.isEmpty()
                && told.next().entrySet().stream().anyMatch(each -> each.getValue() > 0)
                && told.next().equals(told.first())
                && recoveries.countRemembered() == 0;
        boolean lived = empty && (toldAndGone || !newest.isEmpty());
        var partitions = requestTopics.stream()
                .flatMap(topic -> partitions(topic, lived).stream())
                .toList();
        boolean behind = partitions.stream().anyMatch(each -> each.read() > each.ledger());
        return new Found(behind || !newest.isEmpty() || toldAndGone, partitions, newest, empty);
    }

    private List<Partition> partitions(String topic, boolean lived) {
        var committed = kafka.committed(topic);
        var noted = offsets.of(topic);
        var ends = kafka.ends(topic);
        return new TreeMap<>(ends.next())
                .entrySet().stream()
                        .map(each -> {
                            int partition = each.getKey();
                            long ledger = noted.getOrDefault(partition, 0L);
                            long unread = lived ? each.getValue() : ledger;
                            return new Partition(
                                    topic,
                                    partition,
                                    ledger,
                                    committed.getOrDefault(partition, unread),
                                    committed.containsKey(partition),
                                    ends.first().getOrDefault(partition, 0L),
                                    each.getValue());
                        })
                        .toList();
    }

    /** Of the newest outcome of each partition, those that the ledger does not know. */
    private List<Told> unknown(KafkaSide.Ends ends) {
        var last = new HashMap<Integer, Long>();
        ends.next().forEach((partition, next) -> {
            if (next > ends.first().getOrDefault(partition, 0L)) {
                last.put(partition, next - 1);
            }
        });
        var found = new ArrayList<Told>();
        var until = new HashMap<Integer, Long>();
        last.keySet().forEach(each -> until.put(each, ends.next().getOrDefault(each, 0L)));
        kafka.read(
                outcomesTopic,
                last,
                until,
                records -> records.stream()
                        .map(messages::read)
                        .flatMap(Optional::stream)
                        .filter(told -> !recoveries.knows(told))
                        .forEach(found::add));
        return List.copyOf(found);
    }

    /** Where the group is to go on, by topic and partition. */
    static Map<String, Map<Integer, Long>> from(Found found) {
        var from = new TreeMap<String, Map<Integer, Long>>();
        found.partitions()
                .forEach(each ->
                        from.computeIfAbsent(each.topic(), _ -> new TreeMap<>()).put(each.partition(), each.from()));
        return from;
    }
}
