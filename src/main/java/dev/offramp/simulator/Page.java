package dev.offramp.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The frame of the pages for people: one document without anything from elsewhere. */
final class Page {

    private static final String STYLE = style();

    private Page() {}

    static String of(String title, String content) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%s – Simulated Partner Center</title>
                <style>
                %s</style>
                </head>
                <body>
                <header><p>Simulated Partner Center</p><h1>%1$s</h1></header>
                <main>
                %3$s</main>
                </body>
                </html>
                """.formatted(escaped(title), STYLE, content);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String style() {
        try (InputStream in = Page.class.getResourceAsStream("/simulator/page.css")) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: simulator/page.css");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
