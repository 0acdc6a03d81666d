package dev.offramp.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The description of the API says what the controllers do, and nothing else. */
class DescriptionTests {

    private final RunningService service = RunningService.get();
    private final JsonNode description = service.get("/api/v1/openapi").body();

    @Test
    void namesEveryRouteOfEveryControllerAndNoOther() {
        var mapped = service
                .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .entrySet()
                .stream()
                .filter(each -> each.getValue().getBeanType().getPackageName().startsWith("dev.offramp"))
                .flatMap(each -> each.getKey().getPatternValues().stream()
                        .flatMap(path -> each.getKey().getMethodsCondition().getMethods().stream()
                                .map(method -> method + " " + path)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(mapped).hasSizeGreaterThan(40);
        assertThat(documented()).isEqualTo(mapped);
    }

    @Test
    void saysOfEveryRouteWhatItDoesWhoMayAndWhichProblemsItHas() {
        description
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(each -> {
                    var operation = each.getValue();
                    var name = each.getKey() + " " + path.getKey();
                    assertThat(operation.path("summary").asString()).as(name).isNotBlank();
                    assertThat(operation.path("description").asString())
                            .as(name)
                            .startsWith("For ");
                    for (var status : Set.of("400", "401", "403", "404", "409")) {
                        assertThat(operation
                                        .path("responses")
                                        .path(status)
                                        .path("content")
                                        .has("application/problem+json"))
                                .as(name + " " + status)
                                .isTrue();
                    }
                }));
    }

    @Test
    void demandsAReasonOfEveryChange() {
        for (var body : Set.of("Change", "DecisionBody", "RestartBody", "UserBody", "PasswordBody")) {
            assertThat(description
                            .path("components")
                            .path("schemas")
                            .path(body)
                            .path("required")
                            .valueStream()
                            .map(JsonNode::asString))
                    .as(body)
                    .contains("reason");
        }
    }

    @Test
    void namesTheWordsWhereThereAreNoOthers() {
        var parameters = description
                .path("paths")
                .path("/api/v1/requests")
                .path("get")
                .path("parameters")
                .valueStream()
                .collect(Collectors.toMap(each -> each.path("name").asString(), each -> each.path("schema")));

        assertThat(parameters.get("status").path("enum")).hasSize(9);
        assertThat(parameters.get("customer").has("enum")).isFalse();
        assertThat(parameters).doesNotContainKeys("caller", "roles");
        assertThat(description
                        .path("components")
                        .path("schemas")
                        .path("BatchView")
                        .path("properties")
                        .path("state")
                        .path("enum"))
                .hasSize(5);
    }

    @Test
    void isThereAsYamlToo() {
        var yaml = service.get("/api/v1/openapi.yaml");

        assertThat(yaml.status()).isEqualTo(200);
        assertThat(yaml.response().body()).startsWith("openapi: 3.").contains("title: Offramp", "Apache-2.0");
        assertThat(service.ask("GET", "/api/v1/openapi", null, null).status()).isEqualTo(401);
    }

    private Set<String> documented() {
        return description.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .map(each -> each.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
