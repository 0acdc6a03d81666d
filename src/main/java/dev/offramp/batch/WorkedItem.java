package dev.offramp.batch;

import java.util.List;

/** One item after the processor. */
record WorkedItem(Item item, List<Worked> requests) {

    WorkedItem {
        requests = List.copyOf(requests);
    }
}
