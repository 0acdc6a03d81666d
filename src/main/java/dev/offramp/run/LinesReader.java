package dev.offramp.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.batch.infrastructure.item.file.FlatFileItemReader;
import org.springframework.core.io.AbstractResource;

/** Reads an upload line by line with Spring Batch's reader, which counts what was read: a restart goes on at the line. */
class LinesReader implements ItemStreamReader<Line> {

    private final FlatFileItemReader<Line> lines;
    private final boolean nothing;

    /** @param longest so many characters of a line are read */
    LinesReader(String name, Uploads uploads, Load load, LineReading reading, boolean nothing, int longest) {
        this.nothing = nothing;
        var layout = load.layout();
        var opened = new Records[1];
        lines = new FlatFileItemReader<>(
                new Parts(uploads, load.upload()),
                (text, _) -> reading.read(text, opened[0].lineOfRecord(), opened[0].isCut()));
        lines.setName(name);
        lines.setComments(new String[0]);
        lines.setLinesToSkip(layout.kind() == Layout.Kind.CSV ? 1 : 0);
        lines.setBufferedReaderFactory((resource, _) -> {
            var in = resource.getInputStream();
            in.skipNBytes(layout.mark());
            opened[0] = new Records(new InputStreamReader(in, layout.encoding()), layout, longest);
            return opened[0];
        });
    }

    @Override
    public @Nullable Line read() throws Exception {
        return nothing ? null : lines.read();
    }

    @Override
    public void open(ExecutionContext context) {
        if (!nothing) {
            lines.open(context);
        }
    }

    @Override
    public void update(ExecutionContext context) {
        if (!nothing) {
            lines.update(context);
        }
    }

    @Override
    public void close() {
        lines.close();
    }

    /** The file as it lies in the database. */
    private static final class Parts extends AbstractResource {

        private final Uploads uploads;
        private final Upload upload;

        private Parts(Uploads uploads, Upload upload) {
            this.uploads = uploads;
            this.upload = upload;
        }

        @Override
        public String getDescription() {
            return upload.file().name();
        }

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return uploads.content(upload.number());
        }
    }
}
