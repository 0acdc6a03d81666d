package dev.offramp.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Every answer has the documented members in the documented spelling. */
class ShapeTests {

    private static final Path OWN = Path.of("src/test/resources/simulator/shapes");
    private static final Path SHARED =
            Path.of(System.getProperty("partner-center.documents", "../shared/partner-center"), "samples");

    /** Members of samples that our customers have no cause for: nested software, and tags of one recorded answer. */
    private static final Set<String> NOT_OURS = Set.of(
            "/items[]/includedEntitlements[]/includedEntitlements",
            "/items[]/includedEntitlements[]/referenceOrder/id",
            "/items[]/includedEntitlements[]/referenceOrder/lineItemId",
            "/items[]/includedEntitlements[]/productId",
            "/items[]/includedEntitlements[]/quantity",
            "/items[]/includedEntitlements[]/entitledArtifacts",
            "/items[]/includedEntitlements[]/skuId",
            "/items[]/includedEntitlements[]/entitlementType");

    private static Answers answers;
    private static Map<String, JsonNode> given;

    @BeforeAll
    static void ask() {
        answers = new Answers();
        given = answers.all();
    }

    @AfterAll
    static void close() {
        answers.close();
    }

    @Test
    void hasAShapeForEachAnswer() throws IOException {
        try (var files = Files.list(OWN)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")))
                    .containsExactlyInAnyOrderElementsOf(given.keySet());
        }
    }

    @Test
    void answersWithExactlyTheListedMembers() {
        given.forEach((name, answer) -> {
            Shapes.Shape shape = Shapes.read(OWN.resolve(name + ".txt"));
            assertThat(Shapes.missing(shape.required(), answer)).as(name).isEmpty();
            assertThat(Shapes.surplus(shape.all(), answer)).as(name).isEmpty();
        });
    }

    @Test
    void answersEveryOtherChangeWithTheMembersOfTheSubscription() {
        Shapes.Shape shape = Shapes.read(OWN.resolve("subscription-new-commerce.txt"));
        answers.changes().forEach((name, answer) -> {
            assertThat(Shapes.missing(shape.required(), answer)).as(name).isEmpty();
            // As the documents' example of a suspended subscription has it, and no other.
            assertThat(Shapes.surplus(shape.all(), answer))
                    .as(name)
                    .isEqualTo(name.equals("suspended") ? List.of("/suspensionReasons[]") : List.of());
        });
    }

    @ParameterizedTest
    @CsvSource({
        "customer,customer-by-id",
        "customers,customers-list",
        "customer-unlinked,customer-unlink-response-pascalcase",
        "subscription-new-commerce,subscription-nce-license-active",
        "subscription-savings-plan,subscription-azure-savings-plan",
        "subscription-legacy-azure,subscription-legacy-azure-MS-AZR-0145P",
        "subscription-cancelled,subscription-cancel-response-marketplace-saas-deleted",
        "subscriptions-software,subscription-list-software",
        "subscriptions-legacy,subscription-list-legacy-license-by-mpn",
        "add-ons,subscription-list-addons",
        "provisioning-status,subscription-provisioning-status",
        "azure-subscriptions,azure-entitlements-list",
        "azure-subscription-cancelled,azure-entitlement-cancel-response",
        "entitlements,entitlements-list-ri-and-software",
        "entitlements,entitlements-list-recorded-ri-prefulfillmentpending",
        "reservation,entitlement-artifact-details-reservedinstance",
        "order-reservation,order-by-id",
        "order-cancelled,order-cancel-software-response",
        "audit-records,auditrecords-list",
        "error,error-800090-quantity-decrease",
        "error-throttled,error-429-throttled",
        "token-application-v1,token-app-only-v1-response",
        "token-user-v1,token-app-user-refresh-response",
        "token-refused,token-error-invalid-grant"
    })
    void answersWithTheMembersOfTheSharedSamples(String name, String sample) throws IOException {
        assumeTrue(Files.isDirectory(SHARED), "There are no shared samples beside the project: " + SHARED);
        Map<String, Set<String>> documented = Shapes.of(Json.read(Files.readString(SHARED.resolve(sample + ".json"))));
        documented.keySet().removeAll(NOT_OURS);

        assertThat(Shapes.missing(documented, given.get(name))).isEmpty();
    }
}
