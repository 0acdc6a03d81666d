package dev.offramp.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the chart makes, read as Kubernetes reads it.
 *
 * @param text as Helm wrote it
 */
record Manifests(List<HasMetadata> all, String text) {

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1/ConfigMap", ConfigMap.class,
            "v1/PersistentVolumeClaim", PersistentVolumeClaim.class,
            "v1/Service", Service.class,
            "v1/ServiceAccount", ServiceAccount.class,
            "apps/v1/Deployment", Deployment.class,
            "batch/v1/CronJob", CronJob.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);

    static Manifests read(String text) {
        return new Manifests(
                Yaml.documents(text).stream().<HasMetadata>map(Manifests::typed).toList(), text);
    }

    private static HasMetadata typed(JsonNode document) {
        String kind = document.path("apiVersion").asText() + "/"
                + document.path("kind").asText();
        var type = KINDS.get(kind);
        if (type == null) {
            throw new AssertionError("The chart makes a " + kind + ", of which this test knows nothing:\n" + document);
        }
        return Yaml.as(type, document);
    }

    <T extends HasMetadata> List<T> of(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> T only(Class<T> type) {
        List<T> found = of(type);
        if (found.size() != 1) {
            throw new AssertionError("There are %d of %s".formatted(found.size(), type.getSimpleName()));
        }
        return found.getFirst();
    }

    Deployment deployment() {
        return only(Deployment.class);
    }

    /** Of the service and of each CronJob. */
    List<PodSpec> pods() {
        return Stream.concat(
                        of(Deployment.class).stream()
                                .map(each -> each.getSpec().getTemplate().getSpec()),
                        of(CronJob.class).stream()
                                .map(each -> each.getSpec()
                                        .getJobTemplate()
                                        .getSpec()
                                        .getTemplate()
                                        .getSpec()))
                .toList();
    }

    /** The service's own. */
    Container service() {
        return deployment().getSpec().getTemplate().getSpec().getContainers().getFirst();
    }

    /** The application.yaml that the service reads. */
    JsonNode configuration() {
        return Yaml.read(only("offramp").getData().get("application.yaml"));
    }

    /** What a volume of the service's pod shows, by file name. */
    Map<String, String> filesOf(String volume) {
        return deployment().getSpec().getTemplate().getSpec().getVolumes().stream()
                .filter(each -> each.getName().equals(volume))
                .map(each -> only(each.getConfigMap().getName()).getData())
                .findFirst()
                .orElseThrow();
    }

    private ConfigMap only(String name) {
        return of(ConfigMap.class).stream()
                .filter(each -> each.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
