package dev.offramp.operations.command;

import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** The option that every change has. */
final class Why {

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; kept in the audit trail.")
    private String reason = "";

    ObjectNode change() {
        return Service.change(reason);
    }
}
