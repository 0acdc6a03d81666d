package dev.offramp.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A plain HTTP client as anybody might write one. */
final class Caller implements AutoCloseable {

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final PartnerCenterSimulator simulator;
    private final Map<String, String> headers = new LinkedHashMap<>();

    Caller(PartnerCenterSimulator simulator) {
        this.simulator = simulator;
    }

    static Caller asUser(PartnerCenterSimulator simulator) {
        Caller caller = new Caller(simulator);
        return caller.with("Authorization", "Bearer " + caller.userToken());
    }

    static Caller asApplication(PartnerCenterSimulator simulator) {
        Caller caller = new Caller(simulator);
        return caller.with("Authorization", "Bearer " + caller.applicationToken());
    }

    Caller with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    Caller without(String header) {
        headers.remove(header);
        return this;
    }

    String userToken() {
        return refresh(simulator.refreshToken()).json().path("access_token").asString();
    }

    String applicationToken() {
        return token("grant_type=client_credentials&client_id=app&client_secret=secret"
                        + "&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default")
                .json()
                .path("access_token")
                .asString();
    }

    Reply refresh(String refreshToken) {
        return token("grant_type=refresh_token&client_id=app&client_secret=secret&refresh_token=" + refreshToken
                + "&scope=openid+offline_access+https%3A%2F%2Fapi.partnercenter.microsoft.com%2Fuser_impersonation");
    }

    Reply token(String form) {
        return send("POST", "/" + simulator.scenario().partnerTenantId() + "/oauth2/v2.0/token", form);
    }

    Reply get(String path) {
        return send("GET", path, "");
    }

    Reply patch(String path, String body) {
        return send("PATCH", path, body);
    }

    Reply post(String path, String body) {
        return send("POST", path, body);
    }

    Reply delete(String path) {
        return send("DELETE", path, "");
    }

    Reply customer(String id) {
        return get("/v1/customers/" + id);
    }

    Reply subscription(String customer, String id) {
        return get("/v1/customers/" + customer + "/subscriptions/" + id);
    }

    Reply subscriptions(String customer) {
        return get("/v1/customers/" + customer + "/subscriptions");
    }

    Reply entitlements(String customer) {
        return get("/v1/customers/" + customer + "/entitlements");
    }

    /** The whole resource is sent back with another status. */
    Reply change(String customer, String id, String status) {
        ObjectNode whole = (ObjectNode) subscription(customer, id).json();
        return patch("/v1/customers/" + customer + "/subscriptions/" + id, Json.text(whole.put("status", status)));
    }

    Reply cancel(String customer, String id) {
        return patch("/v1/customers/" + customer + "/subscriptions/" + id, """
                {"id": "%s", "status": "deleted", "autoRenewEnabled": true}""".formatted(id));
    }

    Reply unlink(String customer) {
        return patch("/v1/customers/" + customer, """
                {"relationshipToPartner": "none", "attributes": {"objectType": "Customer"}}""");
    }

    private Reply send(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(simulator.baseUri() + path))
                .timeout(Duration.ofSeconds(10))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    /** What came back. */
    record Reply(int status, String body, HttpResponse<String> response) {

        JsonNode json() {
            return Json.read(body);
        }

        String code() {
            return json().path("code").asString();
        }

        String said() {
            return status + "/" + code();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }
}
