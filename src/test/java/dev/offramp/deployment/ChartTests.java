package dev.offramp.deployment;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.DurationStyle;

/** The chart makes what Kubernetes takes, and refuses with a sentence what would start and be wrong. */
class ChartTests {

    private static final Duration SHIPPED_DRAIN =
            DurationStyle.detectAndParse(Yaml.read(Path.of("src", "main", "resources", "application.yaml"))
                    .at("/spring/lifecycle/timeout-per-shutdown-phase")
                    .asText());

    @ParameterizedTest
    @ValueSource(strings = {"one-node", "production", "demo"})
    void isLintedStrictlyInEveryScenario(String scenario, @TempDir Path folder) {
        var result = Chart.of(scenario).lint(folder);

        assertThat(result.getMessages())
                .as("what Helm says")
                .noneMatch(each -> each.contains("WARNING") || each.contains("ERROR"));
        assertThat(result.isFailed()).isFalse();
    }

    @Test
    void hasAValuesFileForEachScenarioThatIsTested() throws IOException {
        try (var files = Files.list(Chart.FOLDER.resolve("scenarios"))) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("one-node.yaml", "production.yaml", "demo.yaml");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-node", "production", "demo"})
    void makesWhatFitsTogether(String scenario) {
        var made = Chart.of(scenario).render();

        assertThat(made.all()).allSatisfy(each -> {
            assertThat(each.getMetadata().getName()).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
            assertThat(each.getMetadata().getLabels()).containsEntry("app.kubernetes.io/instance", "offramp");
        });
        var labels = made.deployment().getSpec().getTemplate().getMetadata().getLabels();
        assertThat(labels)
                .containsAllEntriesOf(made.deployment().getSpec().getSelector().getMatchLabels());
        assertThat(labels)
                .containsAllEntriesOf(made.only(Service.class).getSpec().getSelector());
        assertThat(made.of(PodDisruptionBudget.class))
                .allSatisfy(each -> assertThat(labels)
                        .containsAllEntriesOf(each.getSpec().getSelector().getMatchLabels()));
        assertThat(made.service().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(made.only(Service.class).getSpec().getPorts())
                        .singleElement()
                        .satisfies(exposed ->
                                assertThat(exposed.getTargetPort().getStrVal()).isEqualTo(port.getName())));
        assertThat(made.service().getPorts().getFirst().getContainerPort())
                .isEqualTo(made.configuration().at("/server/port").asInt());
        for (PodSpec pod : made.pods()) {
            assertThat(pod.getServiceAccountName())
                    .isEqualTo(made.only(ServiceAccount.class).getMetadata().getName());
            assertThat(missingReferences(made, pod)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-node", "production", "demo"})
    void runsNothingAsRootAndWritesOnlyIntoVolumes(String scenario) {
        for (PodSpec pod : Chart.of(scenario).render().pods()) {
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getEnableServiceLinks())
                    .as("variables of other Services, which would be taken for configuration")
                    .isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(containers(pod)).isNotEmpty().allSatisfy(each -> {
                assertThat(each.getSecurityContext().getReadOnlyRootFilesystem())
                        .isTrue();
                assertThat(each.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(each.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
                assertThat(each.getResources().getLimits()).containsKey("memory");
                assertThat(each.getResources().getRequests()).containsKeys("cpu", "memory");
                assertThat(each.getVolumeMounts())
                        .extracting(VolumeMount::getMountPath)
                        .contains("/tmp");
            });
        }
        assertThat(Chart.of(scenario).render().service().getVolumeMounts())
                .filteredOn(each -> !Boolean.TRUE.equals(each.getReadOnly()))
                .extracting(VolumeMount::getMountPath)
                .as("where the service writes")
                .containsExactlyInAnyOrder("/var/lib/offramp", "/tmp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-node", "production", "demo"})
    void writesNoSecretDown(String scenario) {
        var made = Chart.of(scenario).render();

        assertThat(made.all()).extracting(HasMetadata::getKind).doesNotContain("Secret");
        assertThat(made.of(ConfigMap.class))
                .allSatisfy(each -> assertThat(String.join("\n", each.getData().values()))
                        .doesNotContainPattern("(?i)(password|secret|token|jaas|encryption-key)"));
        assertThat(made.pods().stream()
                        .flatMap(pod -> containers(pod).stream())
                        .flatMap(each -> each.getEnv().stream()))
                .filteredOn(each -> each.getName().matches(".*(PASSWORD|SECRET|TOKEN|JAAS|KEY).*"))
                .allSatisfy(each -> assertThat(each.getValueFrom() != null
                                        && each.getValueFrom().getSecretKeyRef() != null
                                || scenario.equals("demo"))
                        .as(each.getName())
                        .isTrue());
    }

    @Test
    void namesTheSecretsOfProductionByReference() {
        assertThat(Chart.of("production").render().service().getEnv())
                .filteredOn(each -> each.getValueFrom() != null)
                .extracting(each -> each.getName() + " " + reference(each))
                .containsExactlyInAnyOrder(
                        "OFFRAMP_ENCRYPTION_KEY offramp-encryption/encryption-key",
                        "OFFRAMP_PARTNER_CENTER_CLIENT_SECRET offramp-partner-center/client-secret",
                        "OFFRAMP_PARTNER_CENTER_REFRESH_TOKEN offramp-partner-center/refresh-token",
                        "SPRING_DATASOURCE_USERNAME offramp-database/username",
                        "SPRING_DATASOURCE_PASSWORD offramp-database/password",
                        "SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG offramp-kafka/sasl.jaas.config");
    }

    @Test
    void namesASecondKeyWhileKeysAreChanged() {
        assertThat(Chart.of("production")
                        .with("offramp.encryptionKey.secondKey", "old-key")
                        .render()
                        .service()
                        .getEnv())
                .filteredOn(each -> each.getName().equals("OFFRAMP_SECOND_ENCRYPTION_KEY"))
                .singleElement()
                .satisfies(each -> assertThat(reference(each)).isEqualTo("offramp-encryption/old-key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-node", "production", "demo"})
    void asksOnlyTheProcessWhetherItIsAliveAndReady(String scenario) {
        var service = Chart.of(scenario).render().service();

        assertThat(path(service.getStartupProbe())).isEqualTo("/actuator/health/liveness");
        assertThat(path(service.getLivenessProbe())).isEqualTo("/actuator/health/liveness");
        assertThat(path(service.getReadinessProbe())).isEqualTo("/actuator/health/readiness");
        assertThat(service.getStartupProbe().getPeriodSeconds()
                        * service.getStartupProbe().getFailureThreshold())
                .as("seconds that a start may take")
                .isEqualTo(300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-node", "production", "demo"})
    void leavesTimeForTheDrain(String scenario) {
        var made = Chart.of(scenario).render();
        var drain = DurationStyle.detectAndParse(made.configuration()
                .at("/spring/lifecycle/timeout-per-shutdown-phase")
                .asText());
        long preStop = made.service().getLifecycle().getPreStop().getSleep().getSeconds();

        assertThat(drain).as("the drain, as the service has it by itself").isEqualTo(SHIPPED_DRAIN);
        assertThat(Duration.ofSeconds(made.deployment()
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getTerminationGracePeriodSeconds())
                        .minusSeconds(preStop))
                .as("what is left after the pause")
                .isGreaterThanOrEqualTo(drain.plusSeconds(15));
    }

    @Test
    void leavesTimeForALongerDrainToo() {
        var made = Chart.of("one-node").with("shutdown.drainSeconds", 200).render();

        assertThat(made.configuration()
                        .at("/spring/lifecycle/timeout-per-shutdown-phase")
                        .asText())
                .isEqualTo("200s");
        assertThat(made.deployment().getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds())
                .isEqualTo(230);
    }

    @Test
    void keepsTheOnlyNodesLedgerOnAVolume() {
        var made = Chart.of("one-node").render();

        assertThat(made.deployment().getSpec().getStrategy().getType()).isEqualTo("Recreate");
        assertThat(made.only(PersistentVolumeClaim.class).getMetadata().getAnnotations())
                .containsEntry("helm.sh/resource-policy", "keep");
        assertThat(made.configuration().at("/spring/datasource/url").isMissingNode())
                .isTrue();
        assertThat(variable(made.service(), "OFFRAMP_HOME")).startsWith("/var/lib/offramp/");
        assertThat(made.of(PodDisruptionBudget.class)).isEmpty();
        assertThat(made.of(NetworkPolicy.class)).isEmpty();
        assertThat(made.of(CronJob.class)).isEmpty();
    }

    @Test
    void runsThreeNodesInProduction() {
        var made = Chart.of("production").with("offramp.mode", "live").render();
        var configuration = made.configuration();

        assertThat(made.deployment().getSpec().getReplicas()).isEqualTo(3);
        assertThat(made.deployment()
                        .getSpec()
                        .getStrategy()
                        .getRollingUpdate()
                        .getMaxUnavailable()
                        .getIntVal())
                .isZero();
        assertThat(made.only(PodDisruptionBudget.class)
                        .getSpec()
                        .getMaxUnavailable()
                        .getIntVal())
                .isEqualTo(1);
        assertThat(made.of(PersistentVolumeClaim.class)).isEmpty();
        assertThat(configuration.at("/offramp/mode").asText()).isEqualTo("live");
        assertThat(configuration.at("/spring/datasource/url").asText())
                .isEqualTo(
                        "jdbc:postgresql://postgresql.databases:5432/offramp?sslmode=verify-full&sslrootcert=/etc/offramp/database/ca.crt");
        assertThat(configuration.at("/spring/kafka/security/protocol").asText()).isEqualTo("SASL_SSL");
        assertThat(configuration.at("/spring/kafka/ssl/trust-store-location").asText())
                .isEqualTo("file:/etc/offramp/kafka/truststore");
        assertThat(made.deployment()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getAffinity()
                        .getPodAntiAffinity()
                        .getRequiredDuringSchedulingIgnoredDuringExecution())
                .singleElement()
                .satisfies(term -> assertThat(term.getTopologyKey()).isEqualTo("kubernetes.io/hostname"));
    }

    @Test
    void mountsACertificateToBeReadOnlyAndTakesNoSecretBesideIt() {
        var made = Chart.of("production")
                .with("offramp.partnerCenter.certificate.existingSecret", "offramp-certificate")
                .with("offramp.partnerCenter.certificate.passwordKey", "password")
                .render();
        var pod = made.deployment().getSpec().getTemplate().getSpec();

        assertThat(made.configuration()
                        .at("/offramp/partner-center/certificate")
                        .asText())
                .isEqualTo("/etc/offramp/partner-center/certificate");
        assertThat(made.configuration()
                        .at("/offramp/partner-center/certificate-key")
                        .asText())
                .isEqualTo("/etc/offramp/partner-center/key");
        assertThat(made.service().getVolumeMounts())
                .filteredOn(each -> each.getMountPath().equals("/etc/offramp/partner-center"))
                .singleElement()
                .satisfies(mount -> assertThat(mount.getReadOnly()).isTrue());
        assertThat(pod.getVolumes())
                .filteredOn(each -> each.getName().equals("partner-center-certificate"))
                .singleElement()
                .satisfies(volume -> {
                    assertThat(volume.getSecret().getSecretName()).isEqualTo("offramp-certificate");
                    assertThat(volume.getSecret().getItems())
                            .extracting(each -> each.getKey() + " as " + each.getPath())
                            .containsExactly("tls.crt as certificate", "tls.key as key");
                });
        assertThat(made.service().getEnv())
                .extracting(EnvVar::getName)
                .contains("OFFRAMP_PARTNER_CENTER_CERTIFICATE_PASSWORD")
                .doesNotContain("OFFRAMP_PARTNER_CENTER_CLIENT_SECRET");
    }

    @Test
    void mountsAKeyThatLiesInTheCertificatesOwnFileNotASecondTime() {
        var made = Chart.of("one-node")
                .with("offramp.partnerCenter.certificate.existingSecret", "offramp-certificate")
                .with("offramp.partnerCenter.certificate.certificateKey", "app.p12")
                .with("offramp.partnerCenter.certificate.privateKeyKey", "")
                .render();

        assertThat(made.configuration()
                        .at("/offramp/partner-center/certificate-key")
                        .isMissingNode())
                .isTrue();
        assertThat(made.deployment().getSpec().getTemplate().getSpec().getVolumes())
                .filteredOn(each -> each.getName().equals("partner-center-certificate"))
                .singleElement()
                .satisfies(volume -> assertThat(volume.getSecret().getItems())
                        .singleElement()
                        .satisfies(item -> assertThat(item.getKey()).isEqualTo("app.p12")));
    }

    @Test
    void letsNobodyInButWhoIsNamedAndNobodyOutButWhereItMust() {
        var made = Chart.of("production").render();
        var service = made.of(NetworkPolicy.class).getFirst().getSpec();
        var runs = made.of(NetworkPolicy.class).getLast().getSpec();
        var cronJob =
                made.only(CronJob.class).getSpec().getJobTemplate().getSpec().getTemplate();

        assertThat(made.deployment().getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(service.getPodSelector().getMatchLabels());
        assertThat(cronJob.getMetadata().getLabels())
                .containsAllEntriesOf(runs.getPodSelector().getMatchLabels());
        assertThat(service.getIngress()).singleElement().satisfies(rule -> {
            assertThat(rule.getPorts().getFirst().getPort().getStrVal()).isEqualTo("http");
            assertThat(rule.getFrom()).hasSize(2);
            assertThat(cronJob.getMetadata().getLabels())
                    .containsAllEntriesOf(
                            rule.getFrom().getFirst().getPodSelector().getMatchLabels());
            assertThat(rule.getFrom().getLast().getNamespaceSelector().getMatchLabels())
                    .containsValue("operations");
        });
        assertThat(service.getEgress().stream()
                        .flatMap(rule -> rule.getPorts().stream())
                        .map(port -> port.getProtocol() + " " + port.getPort().getIntVal()))
                .containsExactly("UDP 53", "TCP 53", "TCP 9093", "TCP 5432", "TCP 443");
        assertThat(runs.getEgress()
                        .getLast()
                        .getTo()
                        .getFirst()
                        .getPodSelector()
                        .getMatchLabels())
                .isEqualTo(service.getPodSelector().getMatchLabels());
        assertThat(runs.getIngress()).isEmpty();
    }

    @Test
    void closesTheDoorWhenNobodyIsNamed() {
        var policy = Chart.of("one-node")
                .with("networkPolicy.enabled", true)
                .render()
                .only(NetworkPolicy.class)
                .getSpec();

        assertThat(policy.getPolicyTypes()).contains("Ingress");
        assertThat(policy.getIngress()).isEmpty();
    }

    @Test
    void putsTheSimulatorIntoTheServicesPodWhereLoopbackHolds() {
        var made = Chart.of("demo").render();
        var pod = made.deployment().getSpec().getTemplate().getSpec();
        var simulator = pod.getInitContainers().getFirst();
        var partnerCenter = made.configuration().at("/offramp/partner-center");

        assertThat(simulator.getRestartPolicy()).as("a sidecar").isEqualTo("Always");
        assertThat(simulator.getImage()).isEqualTo(made.service().getImage());
        assertThat(simulator.getArgs()).containsExactly("simulator", "--port", "9380");
        assertThat(partnerCenter.path("base-url").asText()).isEqualTo("http://127.0.0.1:9380");
        assertThat(partnerCenter.path("authority").asText()).isEqualTo("http://127.0.0.1:9380");
    }

    @Test
    void putsOnlyOptionsOfMoreThanOneNodeWhereThereAreSeveral() {
        assertThat(Chart.of("production").with("replicas", 1).render().of(PodDisruptionBudget.class))
                .isEmpty();
        assertThat(Chart.of("one-node")
                        .render()
                        .deployment()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getAffinity())
                .isNull();
    }

    @Test
    void mountsJobDefinitionsWhereTheServiceLooksForThem() {
        var made = Chart.of("one-node")
                .with("jobs.cancel-subscriptions", "operation: cancel-subscription")
                .render();
        var mounted = made.service().getVolumeMounts().stream()
                .filter(each -> each.getName().equals("jobs"))
                .toList();

        assertThat(mounted).singleElement().satisfies(each -> {
            assertThat(each.getMountPath())
                    .isEqualTo(
                            made.configuration().at("/offramp/jobs/directory").asText()
                                    + "/cancel-subscriptions/job.yaml");
            assertThat(each.getSubPath()).isEqualTo("cancel-subscriptions.yaml");
        });
        assertThat(missingReferences(made, made.pods().getFirst())).isEmpty();
        assertThat(made.of(ConfigMap.class))
                .filteredOn(each -> each.getMetadata().getName().equals("offramp-jobs"))
                .singleElement()
                .extracting(ConfigMap::getData, as(MAP))
                .containsExactly(Map.entry("cancel-subscriptions.yaml", "operation: cancel-subscription\n"));
        assertThat(Chart.of("one-node")
                        .render()
                        .configuration()
                        .at("/offramp/jobs")
                        .isMissingNode())
                .as("the directory where no job is given")
                .isTrue();
    }

    @Test
    void laysFurtherConfigurationOverItsOwn() {
        var configuration = Chart.of("one-node")
                .with("configuration.offramp.intake.max-open", 2_000_000)
                .with("configuration.offramp.intake.group", "mine")
                .render()
                .configuration();

        assertThat(configuration.at("/offramp/intake/max-open").asText()).isEqualTo("2000000");
        assertThat(configuration.at("/offramp/intake/group").asText()).isEqualTo("mine");
        assertThat(configuration.at("/offramp/topics/requests").asText()).isEqualTo("offramp.requests");
    }

    @Test
    void tellsASecretFromWhatIsOnlyNamedLikeOne() {
        var url = "https://login.example/token";

        assertThat(Chart.of("one-node")
                        .with("configuration.spring.kafka.properties.sasl\\.oauthbearer\\.token\\.endpoint\\.url", url)
                        .render()
                        .configuration()
                        .at("/spring/kafka/properties")
                        .path("sasl.oauthbearer.token.endpoint.url")
                        .asText())
                .isEqualTo(url);
    }

    @Test
    void startsThePodsAnewWhenTheirConfigurationChanges() {
        var before = checksum(Chart.of("one-node").render());

        assertThat(checksum(Chart.of("one-node").with("offramp.mode", "live").render()))
                .isNotEqualTo(before);
        assertThat(checksum(Chart.of("one-node").render())).isEqualTo(before);
    }

    @Test
    void staysWithinTheLengthOfNames() {
        var made = Chart.of("production")
                .released("a.release-whose-name-is-just-as-long-as-helm-allows.a")
                .with("schedules.cronJobs.remove-reseller-relationships-weekly.job", "remove-reseller-relationships")
                .with("schedules.cronJobs.remove-reseller-relationships-weekly.schedule", "0 3 * * 0")
                .with("schedules.cronJobs.remove-reseller-relationships-weekly.file", "/files/a.csv")
                .render();

        assertThat(made.all())
                .allSatisfy(each -> assertThat(each.getMetadata().getName()).hasSizeLessThan(64));
        assertThat(made.of(CronJob.class))
                .hasSize(2)
                .extracting(each -> each.getMetadata().getName())
                .doesNotHaveDuplicates()
                .allSatisfy(each -> assertThat(each).hasSizeLessThan(53));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            one-node   | replicas                          | 3          | replicas is 3 and database.kind is h2: an H2 file is open in one process at a time. Set database.kind to postgresql, or replicas to 1.
            demo       | replicas                          | 2          | an H2 file is open in one process at a time
            production | offramp.encryptionKey.existingSecret | ''      | each node would make a key of its own
            production | database.postgresql.existingSecret | ''        | name database.postgresql.host and, by database.postgresql.existingSecret
            production | database.postgresql.caSecret      | ''         | name by database.postgresql.caSecret the Secret
            production | kafka.sasl.existingSecret         | ''         | name by kafka.sasl.existingSecret the Secret with the log-in
            production | schedules.login.existingSecret    | ''         | name by schedules.login.existingSecret the Secret with the log-in
            one-node   | schedules.by                      | cronjob    | schedules.cronJobs names none
            one-node   | offramp.partnerCenter.tenantId    | ''         | name the GUID of the partner's own tenant
            demo       | offramp.environment               | production | the simulator is allowed only with offramp.environment sandbox
            demo       | offramp.partnerCenter.certificate.existingSecret | x   | no certificate of yours may go to it
            one-node   | configuration.offramp.partner-center.client-secret | x | secrets are taken from Secrets only
            one-node   | configuration.spring.kafka.properties.sasl\\.jaas\\.config | x | secrets are taken from Secrets only
            one-node   | configuration.spring.kafka.properties.sasl.jaas.config | x   | secrets are taken from Secrets only
            one-node   | configuration.spring.datasource.password  | x             | secrets are taken from Secrets only
            """)
    void refusesWithASentence(String scenario, String key, String value, String sentence) {
        assertThatThrownBy(() -> Chart.of(scenario).with(key, value).render()).hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "offramp.mdoe, live, mdoe",
        "offramp.mode, lvie, /offramp/mode",
        "offramp.mode, LIVE, /offramp/mode",
        "replica, 3, replica",
        "replicas, 0, replicas",
        "offramp.partnerCenter.tenantId, contoso, tenantId",
        "offramp.partnerCenter.baseUrl, http://example.org, baseUrl",
        "offramp.budget.customers.cancel-subscriptions, 5, cancel-subscriptions",
        "shutdown.marginSeconds, 1, marginSeconds",
        "networkPolicy.ingress, x, ingress",
        "schedules.by, nobody, by"
    })
    void knowsNoOtherValue(String key, String value, String named) {
        assertThatThrownBy(() -> Chart.of("one-node").with(key, value).render())
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(named);
    }

    private static List<Container> containers(PodSpec pod) {
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .toList();
    }

    private static String path(Probe probe) {
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
        return probe.getHttpGet().getPath();
    }

    private static String variable(Container container, String name) {
        return container.getEnv().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static String reference(EnvVar variable) {
        var key = variable.getValueFrom().getSecretKeyRef();
        return key.getName() + "/" + key.getKey();
    }

    private static String checksum(Manifests made) {
        return made.deployment()
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get("checksum/configuration");
    }

    /** Mounts without a volume, volumes without what they show, keys that a ConfigMap lacks. */
    private static List<String> missingReferences(Manifests made, PodSpec pod) {
        List<String> missing = new ArrayList<>();
        var volumes = pod.getVolumes().stream().map(Volume::getName).toList();
        containers(pod).stream()
                .flatMap(each -> each.getVolumeMounts().stream())
                .filter(each -> !volumes.contains(each.getName()))
                .forEach(each -> missing.add("volume " + each.getName()));
        Set<String> mounted = Set.copyOf(containers(pod).stream()
                .flatMap(each -> each.getVolumeMounts().stream())
                .map(VolumeMount::getName)
                .toList());
        volumes.stream().filter(each -> !mounted.contains(each)).forEach(each -> missing.add("mount of " + each));
        for (Volume volume : pod.getVolumes()) {
            if (volume.getConfigMap() != null
                    && made.of(ConfigMap.class).stream()
                            .noneMatch(each -> each.getMetadata()
                                    .getName()
                                    .equals(volume.getConfigMap().getName()))) {
                missing.add("ConfigMap " + volume.getConfigMap().getName());
            }
            var claim = volume.getPersistentVolumeClaim();
            if (claim != null
                    && !claim.getClaimName().equals("offramp-files")
                    && made.of(PersistentVolumeClaim.class).stream()
                            .noneMatch(each -> each.getMetadata().getName().equals(claim.getClaimName()))) {
                missing.add("claim " + claim.getClaimName());
            }
        }
        return missing;
    }
}
