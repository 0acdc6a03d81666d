package dev.offramp.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.offramp.audit.Verification.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VerificationTests {

    private final List<String> export = new ArrayList<>(Trails.export(3));

    @Test
    void countsWhatIsSealedAndWhatIsNot() {
        assertThat(found()).isEqualTo(new Found(3, 0, 6, 1, 0, null));
        assertThat(found(Trails.published(Trails.blocks(3)))).isEqualTo(new Found(3, 0, 6, 1, 3, null));
    }

    @Test
    void findsNothingInAnEmptyTrail() {
        export.clear();

        assertThat(found()).isEqualTo(new Found(0, 0, 0, 0, 0, null));
    }

    @Test
    void namesTheBlockWhoseEntryWasChanged() {
        change(4, line -> line.replace("in a hurry", "after long thought"));

        assertThat(found().broken()).isEqualTo("An entry of block 2 was changed.");
    }

    @Test
    void namesTheBlockThatLacksAnEntry() {
        export.remove(4);

        assertThat(found().broken()).isEqualTo("Block 2 has 1 entries and was sealed with 2.");
    }

    @Test
    void seesAnEntryThatWasPutIn() {
        export.add(6, Lines.of(Trails.entry(17), 2L));

        assertThat(found().broken()).isEqualTo("Block 2 has 3 entries and was sealed with 2.");
    }

    @Test
    void seesEntriesInAnotherOrder() {
        export.add(4, export.remove(5));

        assertThat(found().broken()).isEqualTo("The entries of block 2 are not in the order of their numbers.");
    }

    @Test
    void namesTheBlockThatIsMissing() {
        export.subList(3, 6).clear();

        assertThat(found().broken()).isEqualTo("Block 2 is missing: block 3 follows.");
    }

    @Test
    void seesABlockWhoseCountOrTimeWasChanged() {
        change(3, line -> line.replace("08:02", "08:01"));

        assertThat(found().broken()).isEqualTo("Block 2 was changed: its members give another hash.");
    }

    @Test
    void seesThatABlockWasMadeAnewByTheBlockThatFollows() {
        var forged = Block.sealing(List.of(Trails.entry(3)), Trails.blocks(1).getFirst(), Trails.START);
        export.set(3, Lines.of(forged));
        export.remove(5);

        assertThat(found().broken()).isEqualTo("Block 3 does not follow block 2: it names another hash before it.");
    }

    @Test
    void seesThatTheLastBlockWasMadeAnewByWhatWasPublished() {
        var blocks = Trails.blocks(3);
        var forged = Block.sealing(List.of(Trails.entry(5)), blocks.get(1), Trails.START);
        export.set(6, Lines.of(forged));
        export.remove(8);

        assertThat(found().broken()).as("nothing inside tells").isNull();
        assertThat(found(Trails.published(blocks)).broken())
                .startsWith("Block 3 was published with the hash "
                        + blocks.getLast().hash());
    }

    @Test
    void seesByWhatWasPublishedThatTheEndWasCutOff() {
        export.subList(6, export.size()).clear();

        assertThat(found().broken()).as("nothing inside tells").isNull();
        assertThat(found(Trails.published(Trails.blocks(3))).broken())
                .isEqualTo("Block 3 was published and is missing: the end of the trail was cut off.");
    }

    @Test
    void seesByWhatWasPublishedThatACutChainWasContinued() {
        var published = new ArrayList<>(Trails.published(Trails.blocks(3)));
        published.add(Lines.published(
                        Block.sealing(List.of(Trails.entry(5)), Trails.blocks(2).getLast(), Trails.START))
                .toString());

        assertThat(found(published).broken())
                .isEqualTo("Block 3 was published with 2 different hashes: the chain was cut and continued.");
    }

    @Test
    void takesABlockThatWasPublishedTwiceForOne() {
        var published = new ArrayList<>(Trails.published(Trails.blocks(3)));
        published.addAll(published);

        assertThat(found(published).broken()).isNull();
    }

    @Test
    void holdsTheChainTogetherWhereRetentionTookEntriesAway() {
        var first = Trails.blocks(1).getFirst();
        export.set(
                0,
                Lines.of(new Block(
                        first.number(),
                        first.previous(),
                        first.sealedAt(),
                        first.entries(),
                        first.content(),
                        first.hash(),
                        Trails.START)));
        export.subList(1, 3).clear();

        assertThat(found()).isEqualTo(new Found(3, 1, 4, 1, 0, null));
    }

    @Test
    void namesTheLineThatIsNeitherABlockNorAnEntry() {
        export.set(2, "{\"block\": 3}");

        assertThat(found().broken()).isEqualTo("Line 3 is neither a block nor an entry.");
    }

    @Test
    void saysWhichLineOfThePublishedHashesIsNone() {
        assertThatThrownBy(() -> Verification.of(export.stream(), List.of("", "hello").stream()))
                .hasMessage(
                        "Line 2 of the published hashes is no record of that topic; write its values, one in a line.");
    }

    /** Each character of a value, in each sealed line. */
    @Property(tries = 2000)
    void findsEveryCharacterThatIsAnother(@ForAll @IntRange(max = 8) int line, @ForAll @IntRange(max = 2000) int at) {
        var lines = new ArrayList<>(Trails.export(3));
        var text = lines.get(line);
        var position = at % text.length();
        var changed = text.charAt(position) == '7' ? '8' : '7';
        lines.set(line, text.substring(0, position) + changed + text.substring(position + 1));

        assertThat(found(lines, List.of()).broken()).as(lines.get(line)).isNotNull();
    }

    private void change(int line, UnaryOperator<String> change) {
        export.set(line, change.apply(export.get(line)));
    }

    private Found found() {
        return found(List.of());
    }

    private Found found(List<String> published) {
        return found(export, published);
    }

    private static Found found(List<String> export, List<String> published) {
        try {
            return Verification.of(export.stream(), published.stream());
        } catch (Verification.UnreadableException e) {
            throw new AssertionError(e);
        }
    }
}
