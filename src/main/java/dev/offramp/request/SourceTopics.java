package dev.offramp.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where each source's records must stand: on the topic that the sources share, or on one of its own. The broker lets only
 * that source write to its own topic; so what stands there is from it, and what claims to be from it elsewhere is not
 * believed.
 *
 * @param shared the topic of all sources that have none of their own
 * @param own the topics of single sources, by source
 */
record SourceTopics(String shared, Map<String, String> own) {

    SourceTopics {
        own = new LinkedHashMap<>(own);
        var taken = new LinkedHashSet<String>();
        own.forEach((source, topic) -> {
            if (topic.equals(shared)) {
                throw new IllegalArgumentException(
                        "offramp.request.sources: the topic of the source '%s' is %s, which all sources share (offramp.topics.requests). Name one of its own, or none."
                                .formatted(source, topic));
            }
            if (!taken.add(topic)) {
                throw new IllegalArgumentException(
                        "offramp.request.sources: the topic %s of the source '%s' is another source's already. Each needs one of its own, as its records would else not show who sent them."
                                .formatted(topic, source));
            }
        });
    }

    static final SourceTopics NONE = new SourceTopics("", Map.of());

    /** @param others topics that Offramp itself writes to */
    static SourceTopics of(RequestProperties properties, TopicsProperties topics) {
        var own = new LinkedHashMap<String, String>();
        properties.sources().stream()
                .filter(each -> each.topic() != null)
                .forEach(each -> own.put(each.name(), String.valueOf(each.topic())));
        own.forEach((source, topic) -> {
            if (Stream.of(topics.refused(), topics.outcomes(), topics.audit()).anyMatch(topic::equals)) {
                throw new IllegalArgumentException(
                        "offramp.request.sources: the topic of the source '%s' is %s, to which Offramp itself writes. Name another one."
                                .formatted(source, topic));
            }
        });
        return new SourceTopics(topics.requests(), own);
    }

    /** All that are read, the shared one first. */
    List<String> all() {
        var all = new ArrayList<String>();
        all.add(shared);
        all.addAll(own.values());
        return List.copyOf(all);
    }

    /** Why a record of this source is not believed on that topic, in a sentence; empty where it belongs. */
    Optional<String> objection(String source, String topic) {
        var itsOwn = own.get(source);
        if (itsOwn != null) {
            return topic.equals(itsOwn)
                    ? Optional.empty()
                    : Optional.of(
                            "The source '%s' has a topic of its own, %s; what stands on %s in its name is not believed, as others may write there. Send the request to %s."
                                    .formatted(Cited.text(source), itsOwn, topic, itsOwn));
        }
        return own.entrySet().stream()
                .filter(each -> each.getValue().equals(topic))
                .findFirst()
                .map(each ->
                        "The topic %s is that of the source '%s' alone; the request says that it is from '%s'. Send it to %s."
                                .formatted(topic, each.getKey(), Cited.text(source), shared));
    }
}
