package dev.offramp.architecture.counterexamples.ledger;

import java.net.http.HttpClient;

/** Sends requests past the gate and the pace. */
public final class SpeaksHttp {

    HttpClient client = HttpClient.newHttpClient();
}
