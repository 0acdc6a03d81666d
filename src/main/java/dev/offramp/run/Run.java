package dev.offramp.run;

import java.time.Instant;

/**
 * What was asked for under one name: all files that came under it, and their requests.
 *
 * @param plan whether its requests are read and judged only
 * @param upload its newest file
 */
public record Run(
        long number,
        String job,
        String name,
        boolean plan,
        String by,
        String cause,
        Instant createdAt,
        Upload upload) {}
