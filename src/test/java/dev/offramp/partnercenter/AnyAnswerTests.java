package dev.offramp.partnercenter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.offboarding.SubscriptionStatus.Known;
import dev.offramp.partnercenter.Heard.Response;
import dev.offramp.partnercenter.Read.Missing.What;
import dev.offramp.partnercenter.Replies.Asked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever comes back, no reader throws; and whatever was read goes back as it came, but for the one member. */
class AnyAnswerTests {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final List<Asked> ASKED = List.of(
            asked(What.SUBSCRIPTION, Proof.ofStatus(TestClient.SUBSCRIPTION, Known.DELETED)),
            asked(What.SUBSCRIPTION, Proof.ofAutoRenewal(TestClient.SUBSCRIPTION, false)),
            asked(What.SUBSCRIPTION, Proof.ofAzureCancellation("e-1")),
            asked(What.ORDER, Proof.ofCancelledOrder("o-1", null)),
            asked(What.CUSTOMER, Proof.ofUnlink(TestClient.CUSTOMER)));
    private static final List<Function<String, Optional<?>>> READERS = List.of(
            Resources::subscription,
            Resources::subscriptionSentBack,
            Resources::subscriptions,
            Resources::entitlements,
            Resources::customer,
            Resources::customers,
            Resources::relationship,
            Resources::azureSubscription,
            Resources::azureSubscriptions,
            Resources::order,
            Resources::orders);
    private static final List<String> NAMES = List.of(
            "id",
            "Id",
            "status",
            "Status",
            "items",
            "totalCount",
            "attributes",
            "etag",
            "links",
            "next",
            "headers",
            "key",
            "value",
            "continuationToken",
            "lineItems",
            "lineItemNumber",
            "offerId",
            "quantity",
            "productType",
            "subType",
            "isTrial",
            "actions",
            "refundOptions",
            "type",
            "expiresAt",
            "expiresAfter",
            "refundableQuantity",
            "details",
            "allowedUntilDateTime",
            "totalQuantity",
            "cancellationAllowedUntilDate",
            "commitmentEndDate",
            "autoRenewEnabled",
            "companyProfile",
            "tenantId",
            "domain",
            "relationshipToPartner",
            "entitlementType",
            "referenceOrder",
            "includedEntitlements",
            "entitledArtifacts",
            "resourceId",
            "quantityDetails",
            "code",
            "description",
            "message",
            "friendlyName",
            "parentSubscriptionId");

    private static final RawServer SERVER = new RawServer();
    private static final TestClient CLIENT = TestClient.of(SERVER.address());

    @AfterContainer
    static void close() {
        SERVER.close();
    }

    @Property(tries = 200)
    void noReaderThrowsOnAnyBytes(
            @ForAll @Size(max = 200) byte[] bytes, @ForAll @IntRange(min = 100, max = 599) int status) {
        readAll(new String(bytes, StandardCharsets.UTF_8), status);
        readAll(new String(bytes, StandardCharsets.ISO_8859_1), status);
    }

    @Property(tries = 200)
    void noReaderThrowsOnADamagedBody(
            @ForAll("damaged") String body, @ForAll @IntRange(min = 100, max = 599) int status) {
        readAll(body, status);
    }

    @Property(tries = 300)
    void noReaderThrowsOnAnyValueInAnyMember(
            @ForAll("objects") String body, @ForAll @IntRange(min = 100, max = 599) int status) {
        readAll(body, status);
    }

    @Property(tries = 100)
    void goesBackOverTheWireAsItCame(
            @ForAll("unread") List<String> before, @ForAll("unread") List<String> after, @ForAll boolean newline) {
        String id = "\"id\":\"%s\"".formatted(TestClient.SUBSCRIPTION);
        String gap = newline ? "\n  " : "";
        String head = "{" + joined("a", before, gap) + id + "," + gap + "\"Status\" : ";
        String tail =
                gap + (after.isEmpty() ? "" : "," + joined("b", after, gap).replaceFirst(",\\s*$", "")) + "}";
        SERVER.thenAnswers(200, "", head + "\"active\"" + tail)
                .thenAnswers(200, "", "{%s,\"status\":\"deleted\"}".formatted(id));

        var read = CLIENT.partnerCenter.subscription(TestClient.CUSTOMER, TestClient.SUBSCRIPTION);
        assertThat(read).isInstanceOf(Read.Found.class);
        Call call = CLIENT.partnerCenter.changeSubscription(
                TestClient.permitToCancel(TestClient.CUSTOMER, TestClient.SUBSCRIPTION),
                ((Read.Found<SubscriptionResource>) read).value());

        assertThat(SERVER.requests.getLast().body()).isEqualTo(head + "\"deleted\"" + tail);
        assertThat(((Call.Sent) call).reply()).isInstanceOf(Reply.Done.class);
    }

    private static void readAll(String body, int status) {
        READERS.forEach(reader -> reader.apply(body));
        ErrorBody.of(body);
        Dates.read(body);
        Location.path(body);
        RetryAfter.of(body, body, NOW);
        Response response = new Response(
                status, Map.of("location", body, "retry-after", body, "date", body, "www-authenticate", body), body);
        for (Asked asked : ASKED) {
            assertThat(Replies.reply(asked, response, NOW)).isNotNull();
            Read<SubscriptionResource> read = Replies.read(asked, response, NOW, Resources::subscription);
            assertThat(read).isNotNull();
        }
    }

    /** The members as text, each with a name of its own, with a comma after each. */
    private static String joined(String prefix, List<String> values, String gap) {
        StringBuilder members = new StringBuilder();
        for (int each = 0; each < values.size(); each++) {
            members.append('"')
                    .append(prefix)
                    .append(each % 2 == 0 ? "X" : "x")
                    .append(each / 2)
                    .append("\":");
            members.append(gap).append(values.get(each)).append(',').append(gap);
        }
        return members.toString();
    }

    @Provide
    Arbitrary<List<String>> unread() {
        return values(3).list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> objects() {
        return object(3);
    }

    private static Arbitrary<String> object(int depth) {
        Arbitrary<String> member = Combinators.combine(Arbitraries.of(NAMES), values(depth))
                .as((name, value) -> "\"" + name + "\":" + value);
        return member.list().ofMaxSize(6).map(members -> "{" + String.join(",", distinct(members)) + "}");
    }

    private static List<String> distinct(List<String> members) {
        List<String> names = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (String member : members) {
            String name = member.substring(0, member.indexOf(':'));
            if (!names.contains(name)) {
                names.add(name);
                kept.add(member);
            }
        }
        return kept;
    }

    private static Arbitrary<String> values(int depth) {
        Arbitrary<String> plain = Arbitraries.of(
                "1.10",
                "-0.0",
                "1E400",
                "-1e-400",
                "9223372036854775808",
                "123456789012345678901234567890",
                "0",
                "true",
                "false",
                "null",
                "\"\"",
                "\" \"",
                "\"active\"",
                "\"9999-12-31T23:59:59.9999999Z\"",
                "\"+1000000000-01-01T00:00:00Z\"",
                "\"\\u0000\\ud83d\\ude00\"",
                "\"\\ud83d\"",
                "\"\\/ \\\" \\\\ \\b\"",
                "\"😀 ü 語\"",
                "[]",
                "{}",
                "[null]",
                "[[[]]]",
                "\"6E7AA601-629E-461B-8933-0898C3CC3C7C\"");
        if (depth == 0) {
            return plain;
        }
        return Arbitraries.frequencyOf(
                Tuple.of(6, plain),
                Tuple.of(2, Arbitraries.lazy(() -> object(depth - 1))),
                Tuple.of(
                        2,
                        Arbitraries.lazy(() -> values(depth - 1)
                                .list()
                                .ofMaxSize(3)
                                .map(elements -> "[ " + String.join(" , ", elements) + "]"))));
    }

    /** A body of the documents, cut off, or with some characters replaced. */
    @Provide
    Arbitrary<String> damaged() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 1_000);
        Arbitrary<String> piece =
                Arbitraries.of("", "{", "}", "[", "]", ",", ":", "\"", "null", "1e999", "\\", "\uFEFF", "\0");
        return Combinators.combine(Arbitraries.of(bodies()), place, place, piece)
                .as((body, from, length, with) -> {
                    int begin = body.length() * from / 1_000;
                    int end = length > 900 ? body.length() : Math.min(body.length(), begin + length / 100);
                    return body.substring(0, begin) + with + body.substring(end);
                });
    }

    private static List<String> bodies() {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "partnercenter"))) {
            List<String> bodies = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                if (Files.isRegularFile(file)) {
                    bodies.add(Files.readString(file));
                }
            }
            return bodies;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Asked asked(What aim, Proof proof) {
        return new Asked(Denial.APP_SIGN_IN, aim, proof, UUID.randomUUID(), UUID.randomUUID());
    }
}
