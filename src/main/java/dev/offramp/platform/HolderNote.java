package dev.offramp.platform;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes beside a database file who has it open, from when the service answers until it stops. */
final class HolderNote implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HolderNote.class);

    private final Path home;
    private final String node;
    private final String host;
    private @Nullable Holder holder;

    HolderNote(Path home, String node, String host) {
        this.home = home;
        this.node = node;
        this.host = host;
    }

    void answersAt(URI address) {
        var self = Holder.thisProcess(node, host, address);
        try {
            self.write(home);
            holder = self;
        } catch (IOException e) {
            LOG.info("Who holds the database file could not be noted in {} ({}).", Holder.file(home), e.getMessage());
        }
    }

    @Override
    public void close() {
        var written = holder;
        if (written != null) {
            try {
                written.erase(home);
            } catch (IOException e) {
                LOG.info("{} could not be deleted ({}); it is known to be old.", Holder.file(home), e.getMessage());
            }
        }
    }
}
