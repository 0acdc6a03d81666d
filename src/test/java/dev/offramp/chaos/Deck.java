package dev.offramp.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Cards in an order that a seed gives; each comes before any comes again. */
final class Deck<T> {

    private final List<T> cards;
    private final Random random;
    private final Deque<T> left = new ArrayDeque<>();

    Deck(Random random, List<T> cards) {
        this.random = random;
        this.cards = List.copyOf(cards);
    }

    T draw() {
        if (left.isEmpty()) {
            var shuffled = new ArrayList<>(cards);
            Collections.shuffle(shuffled, random);
            left.addAll(shuffled);
        }
        return left.removeFirst();
    }
}
