package dev.offramp.partnercenter;

import java.util.List;

/**
 * The items of a collection.
 *
 * @param complete false when {@code totalCount} is missing or differs from the number of items
 */
public record ResourceList<T>(List<T> items, boolean complete) {

    public ResourceList {
        items = List.copyOf(items);
    }
}
