package dev.offramp.request;

/** Foreign text that is shown in a sentence: short, on one line, and storable anywhere. */
final class Cited {

    private static final int LONGEST = 80;

    private Cited() {}

    static String text(String foreign) {
        var shown = new StringBuilder();
        foreign.codePoints().limit(LONGEST).forEach(point -> shown.appendCodePoint(isPlain(point) ? point : '\uFFFD'));
        return foreign.codePointCount(0, foreign.length()) > LONGEST ? shown + "…" : shown.toString();
    }

    private static boolean isPlain(int point) {
        return !Character.isISOControl(point) && !isSurrogate(point);
    }

    static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
