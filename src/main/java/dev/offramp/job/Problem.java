package dev.offramp.job;

/**
 * What is wrong with a definition, and where.
 *
 * @param file as the operator finds it
 * @param line counted from 1
 * @param sentence what is wrong and what to do
 */
record Problem(String file, int line, String sentence) implements Comparable<Problem> {

    @Override
    public int compareTo(Problem other) {
        int files = file.compareTo(other.file);
        return files == 0 ? Integer.compare(line, other.line) : files;
    }

    @Override
    public String toString() {
        return "%s:%d: %s".formatted(file, line, sentence);
    }
}
