package dev.offramp.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code offramp.*} keys that there are: those of the metadata which the compiler writes from the configuration
 * records, so that the list cannot differ from the code.
 */
final class KnownKeys {

    static final String PREFIX = "offramp.";

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private final List<Key> keys;

    KnownKeys(Collection<Key> keys) {
        this.keys = keys.stream().sorted(Comparator.comparing(Key::name)).toList();
    }

    /**
     * One key.
     *
     * @param type its Java type
     * @param defaultValue as it would be written; null where there is none or the code finds it
     * @param retired what to do instead, for a key that is no longer there
     */
    record Key(
            String name,
            String type,
            @Nullable String defaultValue,
            @Nullable String description,
            @Nullable String retired) {

        private boolean hasMembers() {
            return type.startsWith("java.util.Map") || type.startsWith("java.util.List");
        }
    }

    static KnownKeys ofThisProgram() {
        var keys = new ArrayList<Key>();
        var json = JsonMapper.builder().build();
        try {
            for (URL url : Collections.list(KnownKeys.class.getClassLoader().getResources(METADATA))) {
                try (InputStream in = url.openStream()) {
                    json.readTree(in)
                            .path("properties")
                            .valueStream()
                            .filter(each -> each.path("name").asString().startsWith(PREFIX))
                            .map(KnownKeys::key)
                            .forEach(keys::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The list of configuration keys cannot be read", e);
        }
        return new KnownKeys(keys);
    }

    private static Key key(JsonNode node) {
        JsonNode retired = node.path("deprecation");
        return new Key(
                node.path("name").asString(),
                node.path("type").asString(""),
                node.has("defaultValue") ? written(node.path("defaultValue")) : null,
                node.has("description") ? node.path("description").asString() : null,
                retired.path("level").asString("").equals("error")
                        ? "Use %s instead."
                                .formatted(retired.path("replacement").asString("nothing"))
                        : null);
    }

    private static String written(JsonNode value) {
        return value.isArray()
                ? String.join(", ", value.valueStream().map(JsonNode::asString).toList())
                : value.asString().replaceAll("^\\[|]$", "");
    }

    List<Key> all() {
        return keys;
    }

    /**
     * What is wrong with a key as it was written in a file or on the command line.
     *
     * @return a sentence, or empty when it is known
     */
    Optional<String> complaint(String written) {
        return complaint(written, bare(written), KnownKeys::bare, ".");
    }

    /** The same for an environment variable, in which dots and dashes are underscores or nothing. */
    Optional<String> complaintAboutVariable(String variable) {
        return complaint(variable, squeezed(variable), KnownKeys::squeezed, "");
    }

    private Optional<String> complaint(
            String written, String compared, UnaryOperator<String> comparable, String beforeMember) {
        Optional<Key> found = keys.stream()
                .filter(each -> {
                    String known = comparable.apply(each.name());
                    return compared.equals(known) || (each.hasMembers() && compared.startsWith(known + beforeMember));
                })
                .findFirst();
        if (found.isPresent()) {
            String retired = found.get().retired();
            return retired == null
                    ? Optional.empty()
                    : Optional.of("%s is no longer there. %s".formatted(written, retired));
        }
        return Optional.of("There is no %s. Did you mean %s?".formatted(written, nearest(compared, comparable)));
    }

    private String nearest(String compared, UnaryOperator<String> comparable) {
        return keys.stream()
                .filter(each -> each.retired() == null)
                .min(Comparator.comparingInt(each -> distance(compared, comparable.apply(each.name()))))
                .map(Key::name)
                .orElse("nothing: there are no keys");
    }

    /** Spring takes {@code maxRequests}, {@code max_requests} and {@code MAX-REQUESTS} for {@code max-requests}. */
    private static String bare(String key) {
        return key.replaceAll("\\[.*", "").replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    private static String squeezed(String key) {
        return bare(key).replace(".", "");
    }

    /** How many letters must be put in, left out or changed to make one of the other (Levenshtein). */
    private static int distance(String one, String other) {
        int[] above = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[other.length()];
    }

    /** All complaints about these keys, each once, in order. */
    List<String> complaints(Stream<String> keys, Stream<String> variables) {
        return Stream.concat(
                        keys.filter(each -> each.startsWith(PREFIX)).flatMap(each -> complaint(each).stream()),
                        variables
                                .filter(EnvironmentVariables::isConfiguration)
                                .flatMap(each -> complaintAboutVariable(each).stream()))
                .distinct()
                .sorted()
                .toList();
    }

    /** Which environment variables are meant as configuration of the service. */
    static final class EnvironmentVariables {

        private static final String PREFIX = "OFFRAMP_";

        /** The launcher's and the command line's own, and what Kubernetes sets for a service that is called offramp. */
        private static final String OTHERS =
                "OFFRAMP_(JAR|JAVA|JAVA_OPTS|PASSWORD|SERVER|TOKEN|PORT(_.*)?|SERVICE_(HOST|PORT)(_.*)?)";

        private EnvironmentVariables() {}

        static boolean isConfiguration(String variable) {
            return variable.startsWith(PREFIX) && !variable.matches(OTHERS);
        }
    }
}
