package dev.offramp.operations.command;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code offramp completion}: lets the shell complete commands and options. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script that lets bash or zsh complete commands and options.",
        footer = {
            "",
            "Example:",
            "  offramp completion > ~/.offramp-completion && echo '. ~/.offramp-completion' >> ~/.bashrc",
            "  . <(offramp completion)"
        })
final class CompletionCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            PrintWriter out = Cells.out(spec);
            out.print(AutoComplete.bash("offramp", spec.root().commandLine()));
            out.println();
            out.flush();
        }
    }
}
