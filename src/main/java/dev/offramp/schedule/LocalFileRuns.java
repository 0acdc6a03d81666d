package dev.offramp.schedule;

import dev.offramp.run.Announcement;
import dev.offramp.run.Answer;
import dev.offramp.run.Runs;
import dev.offramp.run.Upload;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hands a file of this machine over to the runs, piece by piece; what has arrived before is not sent again. */
final class LocalFileRuns implements FileRuns {

    private static final int TIMES = 10;

    private final Runs runs;
    private final int longestPiece;

    LocalFileRuns(Runs runs, int longestPiece) {
        this.runs = runs;
        this.longestPiece = longestPiece;
    }

    @Override
    public Begun begin(String job, String name, Path file, String by, String cause) throws IOException {
        var announced = new Upload.File(file.getFileName().toString(), Files.size(file), digest(file));
        var announcement = new Announcement(job, name, false, announced, by, by, cause);
        var answer = runs.announce(announcement);
        var again = TIMES;
        while (answer instanceof Answer.Done(var run)
                && run.upload().state() == Upload.State.RECEIVING
                && run.upload().received() < announced.size()) {
            answer = runs.take(
                    run.number(),
                    run.upload().received(),
                    piece(file, run.upload().received()));
            // Somebody else hands the same file over: announced anew, it goes on where it stands by now.
            if (answer instanceof Answer.InTheWay && again-- > 0) {
                answer = runs.announce(announcement);
            }
        }
        return switch (answer) {
            case Answer.Done(var run) ->
                new Begun.Settled("the run %s (number %d) has the file %s, %,d bytes; it is %s."
                        .formatted(
                                run.name(),
                                run.number(),
                                announced.name(),
                                announced.size(),
                                run.upload().state().word()));
            case Answer.Missing(var sentence) -> new Begun.Settled(sentence);
            case Answer.Wrong(var sentence) -> new Begun.Settled(sentence);
            case Answer.InTheWay(var sentence, var _) -> new Begun.InTheWay(sentence);
        };
    }

    private byte[] piece(Path file, long offset) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            bytes.skipNBytes(offset);
            var piece = bytes.readNBytes(longestPiece);
            if (piece.length == 0) {
                throw new EOFException("The file %s became shorter while it was read".formatted(file));
            }
            return piece;
        }
    }

    private static String digest(Path file) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            try (var bytes = new DigestInputStream(Files.newInputStream(file), digest)) {
                bytes.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
