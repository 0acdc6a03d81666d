package dev.offramp.audit;

import dev.offramp.audit.Seals.OfBlock;
import dev.offramp.ledger.Audit.Written;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The whole audit trail as lines of JSON, page by page, so that its length costs no memory. */
public final class Export {

    private static final int PAGE = 500;

    private final Seals seals;

    Export(Seals seals) {
        this.seals = seals;
    }

    /** Gives each line, without its end; in their order, the sealed before the unsealed. */
    public void to(Consumer<String> lines) {
        long number = 0;
        for (var page = seals.after(0, PAGE); !page.isEmpty(); page = seals.after(number, PAGE)) {
            for (var block : page) {
                lines.accept(Lines.of(block));
                entries(new OfBlock(block.number()), block.number(), lines);
                number = block.number();
            }
        }
        entries(OfBlock.NONE, null, lines);
    }

    private void entries(OfBlock of, @Nullable Long block, Consumer<String> lines) {
        long number = 0;
        for (List<Written> page = seals.entries(of, number, PAGE);
                !page.isEmpty();
                page = seals.entries(of, number, PAGE)) {
            for (var written : page) {
                lines.accept(Lines.of(written, block));
                number = written.number();
            }
        }
    }
}
