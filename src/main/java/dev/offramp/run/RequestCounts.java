package dev.offramp.run;

/**
 * The requests of a run in numbers.
 *
 * @param ready nobody works on them yet
 * @param working in a batch that runs
 * @param waiting time settles it
 */
public record RequestCounts(
        long ready,
        long working,
        long waiting,
        long held,
        long stalled,
        long succeeded,
        long rejected,
        long withdrawn,
        long planned,
        long failed) {

    public long total() {
        return ready + working + waiting + held + stalled + succeeded + rejected + withdrawn + planned + failed;
    }
}
