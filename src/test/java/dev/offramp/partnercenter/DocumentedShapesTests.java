package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.Subscription.Kind;
import dev.offramp.offboarding.SubscriptionStatus.Known;
import dev.offramp.partnercenter.Heard.Response;
import dev.offramp.partnercenter.Read.Missing.What;
import dev.offramp.partnercenter.Replies.Asked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bodies of our own in every shape that Partner Center's documents show (src/test/resources/partnercenter), and, where
 * the collected samples of those documents lie beside the project, the samples themselves.
 *
 * <p>{@code -Dpartner-center.documents=...} names another directory than {@code ../shared/partner-center}.
 */
class DocumentedShapesTests {

    private static final Path FIXTURES = Path.of("src", "test", "resources", "partnercenter");
    private static final Path SAMPLES =
            Path.of(System.getProperty("partner-center.documents", "../shared/partner-center"), "samples");
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    static Stream<Path> fixtures() {
        return files(FIXTURES).stream();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void readsEveryFixture(Path fixture) {
        assertRead(fixture);
    }

    @Test
    void readsTheSamplesThemselves() {
        assumeSamples();
        assertThat(files(SAMPLES)).isNotEmpty().allSatisfy(DocumentedShapesTests::assertRead);
    }

    @Test
    void hasAFixtureInTheShapeOfEverySample() {
        assumeSamples();
        List<Shape> ours = files(FIXTURES).stream()
                .filter(file -> file.toString().endsWith(".json"))
                .map(file -> Shape.of(text(file)))
                .toList();

        assertThat(files(SAMPLES).stream().filter(file -> file.toString().endsWith(".json")))
                .isNotEmpty()
                .allSatisfy(sample -> {
                    Shape shape = Shape.of(text(sample));
                    List<String> missing = ours.stream()
                            .map(shape::missingIn)
                            .min(Comparator.comparingInt(List::size))
                            .orElseThrow();
                    assertThat(missing).as("what no fixture has of " + sample).isEmpty();
                });
        assertThat(files(FIXTURES)).hasSameSizeAs(files(SAMPLES));
    }

    @ParameterizedTest
    @CsvSource({
        "subscription-azure-savings-plan, SAVINGS_PLAN, ACTIVE",
        "subscription-cancel-request-marketplace-saas, MARKETPLACE_SAAS, DELETED",
        "subscription-cancel-response-marketplace-saas-deleted, MARKETPLACE_SAAS, DELETED",
        "subscription-marketplace-saas-active-autorenew-off, MARKETPLACE_SAAS, ACTIVE",
        "subscription-legacy-azure-MS-AZR-0145P, LEGACY_AZURE, ACTIVE",
        "subscription-legacy-azure-MS-AZR-0146P, LEGACY_AZURE, ACTIVE",
        "subscription-nce-license-active, NEW_COMMERCE_LICENCE, ACTIVE",
        "subscription-nce-patch-friendlyname-request, NEW_COMMERCE_LICENCE, ACTIVE"
    })
    void tellsTheKindOfEachSubscription(String fixture, Kind kind, Known status) {
        SubscriptionResource read = Resources.subscription(json(fixture)).orElseThrow();

        assertThat(read.subscription().kind()).isEqualTo(kind);
        assertThat(read.subscription().status().is(status)).isTrue();
        assertThat(read.subscription().id()).isNotNull();
        assertThat(read.subscription().termEnd()).isNotNull();
        assertThat(read.json()).isEqualTo(json(fixture));
    }

    @Test
    void readsDatesEtagsAndRefundsInTheirDocumentedForms() {
        assertThat(subscription("subscription-legacy-azure-MS-AZR-0145P").termEnd())
                .isAfter(Instant.parse("9999-01-01T00:00:00Z"));
        assertThat(Resources.subscription(json("subscription-legacy-azure-MS-AZR-0145P"))
                        .orElseThrow()
                        .etag())
                .startsWith("eyJ");
        assertThat(Resources.subscription(json("subscription-cancel-response-marketplace-saas-deleted"))
                        .orElseThrow()
                        .etag())
                .isNull();
        assertThat(subscription("subscription-nce-license-active").refundableUntil())
                .isNotNull();
        assertThat(subscription("subscription-nce-license-active").refunds()).hasSize(1);
        assertThat(subscription("subscription-suspend-response-pascalcase")
                        .status()
                        .is(Known.SUSPENDED))
                .isTrue();
    }

    @Test
    void takesAListForNotCompleteWhenItsCountDiffers() {
        assertThat(Resources.subscriptions(json("subscription-list-addons")).orElseThrow())
                .satisfies(list -> assertThat(list.complete()).isFalse())
                .satisfies(list -> assertThat(list.items()).hasSize(1));
        assertThat(Resources.subscriptions(json("subscription-list-software"))
                        .orElseThrow()
                        .complete())
                .isTrue();
    }

    @Test
    void findsTheReservationsInEverySpelling() {
        assertThat(entitlements("entitlements-list-ri-and-software"))
                .extracting(Entitlement::isReservation)
                .containsExactly(true, false, false, false);
        assertThat(entitlements("entitlements-list-recorded-ri-prefulfillmentpending"))
                .singleElement()
                .satisfies(one -> assertThat(one.isReservation()).isTrue())
                .satisfies(one -> assertThat(one.state()).isEqualTo("PrefulfillmentPending"));
    }

    @Test
    void readsOrdersAsFarAsTheyAreCancelled() {
        assertThat(Resources.order(json("order-by-id")).orElseThrow().order().isCancelled())
                .isFalse();
        assertThat(Resources.order(json("order-cancel-sandbox-response"))
                        .orElseThrow()
                        .order()
                        .isCancelled())
                .isTrue();
        assertThat(Resources.order(json("order-cancel-software-response"))
                        .orElseThrow()
                        .order()
                        .lines())
                .extracting(line -> line.quantity())
                .containsExactly(0, 3);
    }

    @Test
    void findsTheTokenOfTheNextPage() {
        String page = json("paging-links-continuation-token.excerpt").replaceFirst("\\{", "{\"items\":[],");

        assertThat(Resources.customers(page).orElseThrow().continuation()).isEqualTo("TkVYVA==");
    }

    @Test
    void understandsTheDocumentedMessages() {
        assertThat(message(FIXTURES.resolve("http-202-accepted-patch-subscription.http")))
                .isInstanceOfSatisfying(
                        Reply.Accepted.class,
                        accepted -> assertThat(accepted.location()).startsWith("/v1/customers/0ff0"));
        assertThat(message(FIXTURES.resolve("http-429-throttled.http")))
                .isInstanceOfSatisfying(
                        Reply.Throttled.class,
                        slow -> assertThat(slow.retryAfter()).isEqualTo(Duration.ofSeconds(41)));
    }

    private static void assertRead(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".http")) {
            assertThat(message(file).getClass())
                    .isEqualTo(name.contains("202") ? Reply.Accepted.class : Reply.Throttled.class);
            return;
        }
        String text = text(file);
        Optional<?> read = read(name, text);
        if (read == null) {
            // Nothing that we ask for: it must be no subscription, customer or list of ours by mistake.
            assertThat(Resources.subscription(text)
                            .map(found -> found.subscription().id()))
                    .as(name)
                    .isEmpty();
        } else {
            assertThat(read).as(name).isPresent();
        }
    }

    /** @return null when no call of ours brings such a body */
    private static Optional<?> read(String name, String text) {
        if (name.startsWith("subscription-list")) {
            return Resources.subscriptions(text);
        }
        if (name.matches("subscription-(azure|cancel|legacy|marketplace|nce|suspend).*")) {
            return Resources.subscription(text);
        }
        if (name.matches("customer-(by-id|relationship).*")) {
            return Resources.customer(text);
        }
        if (name.startsWith("customer-unlink")) {
            return Resources.relationship(text).filter(said -> "none".equals(said.relationship()));
        }
        if (name.startsWith("customers-")) {
            return Resources.customers(text).filter(page -> page.customers().size() == 2);
        }
        if (name.startsWith("entitlements-")) {
            return Resources.entitlements(text).filter(ResourceList::complete);
        }
        if (name.startsWith("azure-entitlements-")) {
            return Resources.azureSubscriptions(text).filter(ResourceList::complete);
        }
        if (name.matches("azure-entitlement-(cancel-response|inactive).*")) {
            return Resources.azureSubscription(text)
                    .filter(one -> !one.entitlement().isEmpty());
        }
        if (name.startsWith("order-")) {
            return Resources.order(text);
        }
        if (name.startsWith("error-")) {
            return Optional.of(ErrorBody.of(text)).filter(error -> error.words().length() > 10);
        }
        return null;
    }

    private static Reply message(Path file) {
        String[] halves = text(file).split("\\R\\R", 2);
        List<String> lines = halves[0].lines().toList();
        Map<String, String> headers = new HashMap<>();
        lines.stream().skip(1).forEach(line -> {
            String[] header = line.split(": ", 2);
            headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
        });
        Asked asked =
                new Asked(Denial.APP_SIGN_IN, What.SUBSCRIPTION, Proof.none(), UUID.randomUUID(), UUID.randomUUID());
        int status = Integer.parseInt(lines.getFirst().split(" ")[1]);
        return Replies.reply(asked, new Response(status, headers, halves.length == 2 ? halves[1] : ""), NOW);
    }

    private static void assumeSamples() {
        assumeTrue(
                Files.isDirectory(SAMPLES),
                () -> "The samples of the documents do not lie at %s; only our own fixtures were read."
                        .formatted(SAMPLES));
    }

    private static List<Entitlement> entitlements(String fixture) {
        return Resources.entitlements(json(fixture)).orElseThrow().items();
    }

    private static Subscription subscription(String fixture) {
        return Resources.subscription(json(fixture)).orElseThrow().subscription();
    }

    private static String json(String fixture) {
        return text(FIXTURES.resolve(fixture + ".json"));
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().matches(".*\\.(json|http)"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
