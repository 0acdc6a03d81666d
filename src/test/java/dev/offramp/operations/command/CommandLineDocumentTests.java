package dev.offramp.operations.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.offramp.simulator.SimulatorCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Holds docs/command-line.md to the commands: each with its options, its example and its exit codes, and no other.
 *
 * <p>{@code ./mvnw -q test -Dtest=CommandLineDocumentTests -Dcommand-line.write=true} writes that part anew.
 */
class CommandLineDocumentTests {

    private static final Path DOCUMENT = Path.of("docs", "command-line.md");
    private static final Pattern COMMANDS =
            Pattern.compile("(?s)(?<=<!-- commands -->\n).*(?=<!-- end of commands -->)");
    private static final List<String> EVERYWHERE = List.of("--home", "--server", "--user", "--output");
    private static final List<String> ABOUT = List.of("--help", "--version");

    private final CommandLine line =
            OfframpCommand.with(Surroundings.ofThisProcess(InstantSource.system()), new SimulatorCommand());

    @Test
    void holdsEveryCommandAsTheCodeHasIt() throws IOException {
        if (Boolean.getBoolean("command-line.write")) {
            Files.writeString(
                    DOCUMENT,
                    COMMANDS.matcher(Files.readString(DOCUMENT)).replaceFirst(Matcher.quoteReplacement(commands())));
        }
        var matcher = COMMANDS.matcher(Files.readString(DOCUMENT));

        assertThat(matcher.find()).isTrue();
        assertThat(matcher.group())
                .as("docs/command-line.md; -Dcommand-line.write=true writes it anew")
                .isEqualTo(commands());
    }

    @Test
    void namesEveryCommandAndOption() throws IOException {
        String document = Files.readString(DOCUMENT);

        var missing = all(line.getCommandSpec()).stream()
                .filter(command -> command.parent() != null)
                .flatMap(command -> Stream.concat(
                        Stream.of("`" + command.qualifiedName() + "`"),
                        command.options().stream().map(option -> "`" + option.longestName())))
                .filter(each -> !document.contains(each));

        assertThat(missing).isEmpty();
        assertThat(all(line.getCommandSpec())).hasSizeGreaterThan(50);
    }

    @Test
    void givesEveryCommandAnExampleAndEveryOptionAMeaning() {
        assertThat(all(line.getCommandSpec()).stream()
                        .filter(command -> example(command).stream().noneMatch(each -> each.contains(command.name()))
                                || command.usageMessage().description().length == 0)
                        .map(CommandSpec::qualifiedName))
                .isEmpty();
        assertThat(all(line.getCommandSpec()).stream()
                        .flatMap(command -> command.args().stream()
                                .filter(each -> each.description().length == 0)
                                .map(each -> command.qualifiedName() + " " + each.paramLabel())))
                .isEmpty();
    }

    @Test
    void everyExampleIsUnderstood() {
        assertThat(all(line.getCommandSpec()).stream()
                        .flatMap(command -> example(command).stream())
                        .filter(each -> each.startsWith("offramp ") && !each.contains("\\") && !each.contains(">"))
                        .filter(each -> !each.startsWith("offramp serve") && !each.startsWith("offramp --")))
                .hasSizeGreaterThan(50)
                .allSatisfy(each -> assertThat(understood(each)).as(each).isTrue());
    }

    private static boolean understood(String example) {
        var words = Pattern.compile("\"([^\"]*)\"|(\\S+)")
                .matcher(example)
                .results()
                .map(each -> each.group(1) == null ? each.group(2) : each.group(1))
                .skip(1)
                .toArray(String[]::new);
        try {
            OfframpCommand.with(Surroundings.ofThisProcess(InstantSource.system()), new SimulatorCommand())
                    .parseArgs(words);
            return true;
        } catch (CommandLine.ParameterException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private String commands() {
        return all(line.getCommandSpec()).stream()
                .filter(command -> command.parent() != null)
                .map(CommandLineDocumentTests::section)
                .collect(Collectors.joining("\n", "\n", "\n"));
    }

    private static String section(CommandSpec command) {
        var text = new StringBuilder("%s `%s`\n\n".formatted(isVerb(command) ? "###" : "##", command.qualifiedName()));
        for (String each : command.usageMessage().description()) {
            text.append(each).append('\n');
        }
        boolean hasOptions = command.options().stream().anyMatch(Predicate.not(CommandLineDocumentTests::isEverywhere));
        if (command.subcommands().isEmpty() || !command.positionalParameters().isEmpty() || hasOptions) {
            table(text, command);
        }
        text.append("\n```sh\n");
        example(command).forEach(each -> text.append(each).append('\n'));
        text.append("```\n");
        return text.toString();
    }

    private static void table(StringBuilder text, CommandSpec command) {
        var rows = Stream.concat(
                        command.positionalParameters().stream().map(CommandLineDocumentTests::row),
                        command.options().stream()
                                .filter(Predicate.not(CommandLineDocumentTests::isEverywhere))
                                .map(CommandLineDocumentTests::row))
                .toList();
        if (!rows.isEmpty()) {
            text.append("\n| option | meaning |\n|---|---|\n");
            rows.forEach(each -> text.append(each).append('\n'));
        }
    }

    private static String row(PositionalParamSpec each) {
        return "| `%s`%s | %s |".formatted(each.paramLabel(), needed(each.required()), meaning(each.description()));
    }

    private static String row(OptionSpec each) {
        String label = each.arity().max() == 0 ? "" : " " + each.paramLabel();
        return "| `%s%s`%s | %s |"
                .formatted(
                        each.longestName(),
                        label,
                        needed(each.required()),
                        meaning(each.description())
                                .replace("${DEFAULT-VALUE}", "`" + each.defaultValueString(true) + "`"));
    }

    private static String needed(boolean required) {
        return required ? " (needed)" : "";
    }

    private static String meaning(String... description) {
        return String.join(" ", description).replace("|", "\\|");
    }

    private static boolean isEverywhere(OptionSpec option) {
        return EVERYWHERE.contains(option.longestName()) || ABOUT.contains(option.longestName());
    }

    private static boolean isVerb(CommandSpec command) {
        return command.parent() != null && command.parent().parent() != null;
    }

    private static List<String> example(CommandSpec command) {
        return Arrays.stream(command.usageMessage().footer())
                .dropWhile(each -> !each.equals("Example:"))
                .skip(1)
                .map(each -> each.startsWith("  ") ? each.substring(2) : each)
                .toList();
    }

    private static List<CommandSpec> all(CommandSpec command) {
        return Stream.concat(
                        Stream.of(command),
                        command.subcommands().values().stream().flatMap(each -> all(each.getCommandSpec()).stream()))
                .toList();
    }
}
