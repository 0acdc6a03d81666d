package dev.offramp.run;

import org.jspecify.annotations.Nullable;

/**
 * A file that somebody wants to hand over.
 *
 * @param by who hands it over
 * @param requestedBy who asks, where a line does not say it; null: the one who hands it over
 */
public record Announcement(
        String job,
        String name,
        boolean plan,
        Upload.File file,
        String by,
        @Nullable String requestedBy,
        String cause) {}
