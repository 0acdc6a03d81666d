package dev.offramp.operations;

import dev.offramp.ledger.Batch;
import dev.offramp.offboarding.Effect;
import dev.offramp.offboarding.Operation;
import dev.offramp.offboarding.Reason;
import dev.offramp.offboarding.Status;
import dev.offramp.operations.access.Role;
import dev.offramp.operations.access.Verb;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;

/**
 * What the API's description says beside what the controllers show: what each route does and who may ask for it (from the
 * table of verbs), which problems it answers with, and which words there are.
 */
final class Description implements GlobalOpenApiCustomizer {

    private static final String SEND = "POST /api/v1/requests";
    private static final String CONTENT = "PUT /api/v1/runs/{number}/content";

    private static final Map<Integer, String> PROBLEMS = problems();

    private static final Map<String, List<String>> WORDS = Map.of(
            "status", words(Status.values(), Status::word),
            "reason", words(Reason.values(), Reason::word),
            "effect", words(Effect.values(), Effect::word),
            "operation", words(Operation.values(), Operation::word),
            "state", words(Batch.State.values(), Batch.State::word),
            "stopReason", words(Batch.StopReason.values(), Batch.StopReason::word));

    /** The views and queries in which these members have closed sets of words. */
    private static final List<String> WORDED = List.of("RequestView", "OutcomeView", "BatchView", "HeldQuery");

    static OpenAPI frame() {
        return new OpenAPI()
                .info(new Info()
                        .title("Offramp")
                        .version("v1")
                        .description(
                                "The operators' verbs. Every change needs a reason, which is kept in the audit trail; what is not allowed says why, as a problem of RFC 9457.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .addSecurityItem(new SecurityRequirement().addList("token"))
                .addSecurityItem(new SecurityRequirement().addList("user"));
    }

    @Override
    public void customise(OpenAPI api) {
        api.getComponents()
                .addSchemas("Problem", problem())
                .addSecuritySchemes(
                        "token",
                        new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"))
                .addSecuritySchemes(
                        "user",
                        new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("basic"));
        api.getComponents().getSchemas().forEach(Description::describe);
        api.getPaths()
                .forEach((path, item) ->
                        item.readOperationsMap().forEach((method, operation) -> describe(method, path, operation)));
    }

    private static void describe(
            PathItem.HttpMethod method, String path, io.swagger.v3.oas.models.Operation operation) {
        String route = method + " " + path;
        verb(route).ifPresent(verb -> {
            operation.setSummary(
                    Character.toUpperCase(verb.doing().charAt(0)) + verb.doing().substring(1));
            operation.setDescription(description(route, verb));
        });
        if (route.equals(SEND)) {
            operation.setRequestBody(body("application/cloudevents+json", new ObjectSchema()));
        } else if (route.equals(CONTENT)) {
            operation.setRequestBody(body("application/octet-stream", new StringSchema().format("binary")));
        }
        Optional.ofNullable(operation.getParameters()).orElse(List.of()).stream()
                .filter(each -> each.getSchema() != null && !path.startsWith("/api/v1/runs"))
                .forEach(each -> each.setSchema(worded(each.getName(), each.getSchema())));
        var responses = Optional.ofNullable(operation.getResponses()).orElseGet(ApiResponses::new);
        PROBLEMS.forEach((status, says) -> {
            if (status != 422 || route.equals(SEND)) {
                responses.addApiResponse(
                        String.valueOf(status),
                        new ApiResponse().description(says).content(problemContent()));
            }
        });
        operation.setResponses(responses);
    }

    private static Optional<Verb> verb(String route) {
        return Arrays.stream(Verb.values())
                .filter(each -> each.routes().stream()
                        .anyMatch(known -> known.toString().equals(route)))
                .findFirst();
    }

    private static String description(String route, Verb verb) {
        String who = verb.roles().isEmpty()
                ? "For whoever has logged in."
                : "For the roles %s."
                        .formatted(
                                verb.roles().stream().sorted().map(Role::word).collect(Collectors.joining(", ")));
        String change = route.startsWith("GET") || route.equals(SEND) || route.equals(CONTENT)
                ? ""
                : " The body has the member 'reason': why, at most 1000 characters.";
        String send = route.equals(SEND)
                ? " The body is one request message as on the request topic (schemas/*). What is refused is answered with 422 and written nowhere: neither as a refused record nor as an outcome."
                : "";
        String own = verb.roles().contains(Role.REQUESTER) ? " A requester may for its own sources only." : "";
        return who + own + change + send;
    }

    /** In bodies the reason is a person's; in views and queries it is one of the words. */
    private static void describe(String name, Schema<?> schema) {
        var members = schema.getProperties();
        if (members == null) {
            return;
        }
        if (WORDED.contains(name)) {
            members.replaceAll(Description::worded);
        } else if (members.containsKey("reason") && !name.endsWith("View")) {
            schema.addRequiredItem("reason");
            members.replace("reason", new StringSchema().maxLength(1000).description("Why; kept in the audit trail."));
        }
    }

    /** Another one where there are words: members and parameters of one type share theirs. */
    private static Schema<?> worded(String member, Schema<?> schema) {
        var words = WORDS.get(member);
        return words == null ? schema : new StringSchema()._enum(words);
    }

    private static RequestBody body(String type, Schema<?> schema) {
        return new RequestBody()
                .required(true)
                .content(new Content().addMediaType(type, new MediaType().schema(schema)));
    }

    private static Content problemContent() {
        return new Content()
                .addMediaType(
                        "application/problem+json",
                        new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem")));
    }

    private static Schema<?> problem() {
        return new ObjectSchema()
                .description("A problem of RFC 9457; some have further members, e.g. count.")
                .addProperty("type", new StringSchema())
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema().description("What is wrong, and what to do."))
                .addProperty("instance", new StringSchema());
    }

    private static Map<Integer, String> problems() {
        var problems = new LinkedHashMap<Integer, String>();
        problems.put(400, "What was asked cannot be understood; the detail says which member or word is wrong.");
        problems.put(401, "The log-in is missing or wrong.");
        problems.put(403, "The role does not allow it; the detail names the roles that do.");
        problems.put(404, "There is no such thing.");
        problems.put(409, "It does not fit what is the case now; the detail says why, count how many match.");
        problems.put(422, "The message is refused; the detail says what is wrong, where, and what to do.");
        return problems;
    }

    private static <T> List<String> words(T[] all, java.util.function.Function<T, String> word) {
        return Stream.of(all).map(word).toList();
    }
}
