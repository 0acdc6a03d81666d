package dev.offramp.crash;

import dev.offramp.Offramp;
import dev.offramp.batch.BatchJournal;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Request;
import dev.offramp.outcome.RelayJournal;
import dev.offramp.safety.GateJournal;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.support.GenericApplicationContext;

/** The service with one difference: at the named point it says so and stands still, to be killed there. */
final class HaltingOfframp {

    private final Point point;

    private HaltingOfframp(Point point) {
        this.point = point;
    }

    /** Points at which a process can die between two things that belong together. */
    enum Point {
        TRY_WRITTEN,
        REPLY_READ,
        REPLY_WRITTEN,
        CHUNK_COMMITTED,
        OUTCOME_SENT,
        NOWHERE
    }

    public static void main(String[] args) {
        var halting = new HaltingOfframp(Point.valueOf(System.getProperty("crash.at", "NOWHERE")));
        new SpringApplicationBuilder(Offramp.class)
                .initializers(context -> {
                    var beans = (GenericApplicationContext) context;
                    beans.registerBean(GateJournal.class, halting::gate);
                    beans.registerBean(BatchJournal.class, halting::batch);
                    beans.registerBean(RelayJournal.class, halting::relay);
                })
                .run(args);
    }

    static String sign(Point point) {
        return "STANDS AT " + point;
    }

    private void here(Point reached) {
        if (reached == point) {
            System.out.println(sign(point));
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("Nobody interrupts here", e);
            }
        }
    }

    private GateJournal gate() {
        return new GateJournal() {
            @Override
            public void tryWritten(Request request, Try written) {
                here(Point.TRY_WRITTEN);
            }
        };
    }

    private BatchJournal batch() {
        return new BatchJournal() {
            @Override
            public void replyRead(Request request, Try to) {
                here(Point.REPLY_READ);
            }

            @Override
            public void replyWritten(Request request, Try to) {
                here(Point.REPLY_WRITTEN);
            }

            @Override
            public void chunkCommitted(long batch) {
                here(Point.CHUNK_COMMITTED);
            }

            @Override
            public void bug(String where, Throwable cause) {
                System.out.println("BUG " + where + ": " + cause);
            }
        };
    }

    private RelayJournal relay() {
        return new RelayJournal() {
            @Override
            public void acknowledged(List<Outcome> outcomes) {
                if (outcomes.stream().anyMatch(each -> each.reason().status().isFinal())) {
                    here(Point.OUTCOME_SENT);
                }
            }
        };
    }
}
