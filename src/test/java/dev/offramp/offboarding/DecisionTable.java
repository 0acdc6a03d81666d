package dev.offramp.offboarding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A table of expected verdicts, written from the documents and not from the rules. Each row stands for many cells; every
 * cell must be in exactly one row.
 *
 * @param domains the axes of this table with all the values that count here
 */
record DecisionTable(String name, Map<String, List<String>> domains, List<Row> rows) {

    private static final Path FOLDER = Path.of("src/test/resources/offboarding/decisions");
    private static final List<String> EXPECTED = List.of("verdict", "what", "until", "source");

    /**
     * One row.
     *
     * @param allowed for each axis the values that it stands for
     * @param what the step of a go, the reason of anything else, or empty
     * @param until in a word, empty for everything but a wait
     * @param source where it is written
     */
    record Row(
            String line, Map<String, Set<String>> allowed, String verdict, String what, String until, String source) {

        boolean standsFor(Map<String, String> cell) {
            for (var axis : allowed.entrySet()) {
                if (!axis.getValue().contains(cell.get(axis.getKey()))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** What the axes may say, and groups of it. */
    record Axes(Map<String, List<String>> values, Map<String, Map<String, List<String>>> groups) {

        static Axes read() {
            return of(lines(FOLDER.resolve("axes.csv")));
        }

        static Axes of(List<String> lines) {
            Map<String, List<String>> values = new LinkedHashMap<>();
            Map<String, Map<String, List<String>>> groups = new HashMap<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] parts = line.split(",", 3);
                if (parts[2].startsWith("= ")) {
                    groups.computeIfAbsent(parts[0], axis -> new HashMap<>())
                            .put(parts[1], List.of(parts[2].substring(2).split(" ")));
                } else {
                    values.computeIfAbsent(parts[0], axis -> new ArrayList<>()).add(parts[1]);
                }
            }
            return new Axes(values, groups);
        }

        /** Every axis at its first value: where a table says nothing about it. */
        Map<String, String> defaults() {
            Map<String, String> defaults = new LinkedHashMap<>();
            values.forEach((axis, all) -> defaults.put(axis, all.getFirst()));
            return defaults;
        }

        Set<String> allowed(String axis, String pattern, List<String> domain) {
            if (pattern.equals("*")) {
                return new LinkedHashSet<>(domain);
            }
            boolean others = pattern.startsWith("-");
            Set<String> named = new LinkedHashSet<>();
            for (String word : pattern.substring(others ? 1 : 0).split(" ")) {
                List<String> group = groups.getOrDefault(axis, Map.of()).getOrDefault(word, List.of(word));
                if (!values.getOrDefault(axis, List.of()).containsAll(group)) {
                    throw new IllegalArgumentException("axis %s has no value %s".formatted(axis, word));
                }
                named.addAll(group);
            }
            Set<String> allowed = new LinkedHashSet<>(domain);
            allowed.removeIf(value -> named.contains(value) == others);
            return allowed;
        }
    }

    /** All tables of the project. */
    static List<DecisionTable> all() {
        Axes axes = Axes.read();
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> !file.endsWith("axes.csv"))
                    .sorted()
                    .map(file -> of(file.getFileName().toString(), lines(file), axes))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static DecisionTable named(String name) {
        return of(name, lines(FOLDER.resolve(name)), Axes.read());
    }

    static DecisionTable of(String name, List<String> lines, Axes axes) {
        Map<String, List<String>> narrowed = new HashMap<>();
        int header = 0;
        for (; lines.get(header).startsWith("only "); header++) {
            String[] parts = lines.get(header).substring("only ".length()).split(": ");
            narrowed.put(parts[0], List.of(parts[1].split(" ")));
        }
        List<String> columns = List.of(lines.get(header).split(","));
        int first = columns.size() - EXPECTED.size();
        if (!columns.subList(first, columns.size()).equals(EXPECTED)) {
            throw new IllegalArgumentException("%s does not end with the columns %s".formatted(name, EXPECTED));
        }
        Map<String, List<String>> domains = new LinkedHashMap<>();
        for (String axis : columns.subList(0, first)) {
            List<String> values = axes.values().get(axis);
            if (values == null) {
                throw new IllegalArgumentException("%s: there is no axis %s".formatted(name, axis));
            }
            domains.put(axis, narrowed.getOrDefault(axis, values));
        }
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(header + 1, lines.size())) {
            String[] cells = line.split(",", -1);
            if (cells.length != columns.size()) {
                throw new IllegalArgumentException("%s: %d columns in %s".formatted(name, cells.length, line));
            }
            Map<String, Set<String>> allowed = new LinkedHashMap<>();
            for (int each = 0; each < first; each++) {
                String axis = columns.get(each);
                allowed.put(axis, axes.allowed(axis, cells[each], domains.get(axis)));
            }
            rows.add(
                    new Row(line, allowed, cells[first], cells[first + 1], cells[first + 2], cells[first + 3].strip()));
        }
        return new DecisionTable(name, domains, rows);
    }

    /** Every combination of the values of its axes; the map is the same one each time. */
    void forEachCell(Consumer<Map<String, String>> seen) {
        expand(new ArrayList<>(domains.keySet()), 0, new LinkedHashMap<>(), seen);
    }

    private void expand(List<String> axes, int depth, Map<String, String> cell, Consumer<Map<String, String>> seen) {
        if (depth == axes.size()) {
            seen.accept(cell);
            return;
        }
        for (String value : domains.get(axes.get(depth))) {
            cell.put(axes.get(depth), value);
            expand(axes, depth + 1, cell, seen);
        }
    }

    /** The first row that stands for a cell; in a whole table the only one. */
    Row rowFor(Map<String, String> cell) {
        for (Row row : rows) {
            if (row.standsFor(cell)) {
                return row;
            }
        }
        throw new IllegalStateException("%s has no row for %s".formatted(name, cell));
    }

    List<Row> rowsFor(Map<String, String> cell) {
        return rows.stream().filter(row -> row.standsFor(cell)).toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
