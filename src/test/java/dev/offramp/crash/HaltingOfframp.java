package dev.offramp.crash;

import dev.offramp.Offramp;
import dev.offramp.batch.BatchJournal;
import dev.offramp.ledger.Attempts.Try;
import dev.offramp.ledger.Outcomes.Outcome;
import dev.offramp.ledger.Request;
import dev.offramp.ledger.Resolution;
import dev.offramp.outcome.RelayJournal;
import dev.offramp.run.LoadingJournal;
import dev.offramp.safety.GateJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The service with one difference: at the n-th visit of the named point it says so and stands still, to be killed there;
 * or, with {@code crash.freezes}, it stops itself by SIGSTOP, to be woken.
 */
public final class HaltingOfframp {

    private final Point point;
    private final AtomicInteger visits;
    private final boolean freezes;

    private HaltingOfframp(Point point, int visit, boolean freezes) {
        this.point = point;
        this.freezes = freezes;
        this.visits = new AtomicInteger(visit);
    }

    /** Points at which a process can die between two things that belong together. */
    public enum Point {
        PIECE_TAKEN,
        CHUNK_CHECKED,
        CHUNK_LOADED,
        TRY_WRITTEN,
        REPLY_READ,
        REPLY_WRITTEN,
        SETTLED,
        CHUNK_COMMITTED,
        OUTCOME_SENT,
        NOWHERE
    }

    public static void main(String[] args) {
        var halting = new HaltingOfframp(
                Point.valueOf(System.getProperty("crash.at", "NOWHERE")),
                Integer.getInteger("crash.visit", 1),
                Boolean.getBoolean("crash.freezes"));
        new SpringApplicationBuilder(Offramp.class)
                .initializers(context -> {
                    var beans = (GenericApplicationContext) context;
                    beans.registerBean(GateJournal.class, halting::gate);
                    beans.registerBean(BatchJournal.class, halting::batch);
                    beans.registerBean(RelayJournal.class, halting::relay);
                    beans.registerBean(LoadingJournal.class, halting::loading);
                })
                .run(args);
    }

    public static String sign(Point point) {
        return "STANDS AT " + point;
    }

    private void here(Point reached) {
        if (reached != point) {
            return;
        }
        int left = visits.decrementAndGet();
        if (left == 0 || left < 0 && !freezes) {
            System.out.println(sign(point));
            try {
                if (freezes) {
                    new ProcessBuilder(
                                    "kill",
                                    "-STOP",
                                    String.valueOf(ProcessHandle.current().pid()))
                            .start()
                            .waitFor();
                } else {
                    new CountDownLatch(1).await();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("Nobody interrupts here", e);
            }
        }
    }

    private LoadingJournal loading() {
        return new LoadingJournal() {
            @Override
            public void pieceTaken(long run) {
                here(Point.PIECE_TAKEN);
            }

            @Override
            public void chunkChecked(long upload) {
                here(Point.CHUNK_CHECKED);
            }

            @Override
            public void chunkLoaded(long upload) {
                here(Point.CHUNK_LOADED);
            }
        };
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
            public void settled(Request request, Resolution resolution) {
                here(Point.SETTLED);
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
