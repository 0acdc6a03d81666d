package dev.offramp.recovery;

import dev.offramp.Offramp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Offramp in a process of its own whose files cannot grow beyond so many bytes, as on a full disk; how many, it is told
 * line by line on its standard input.
 */
final class OfframpOnAFullDisk {

    /** Of Linux and macOS. */
    private static final int RLIMIT_FSIZE = 1;

    private OfframpOnAFullDisk() {}

    static void main(String[] arguments) throws IOException {
        Offramp.main(arguments);
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var order = orders.readLine(); order != null; order = orders.readLine()) {
            limit(Long.parseLong(order));
            System.out.println("Files may have " + order + " bytes.");
        }
        System.exit(0);
    }

    /** The soft limit; the hard one stays, so that it can be taken back. */
    private static void limit(long bytes) {
        var linker = Linker.nativeLinker();
        var function = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        try (var arena = Arena.ofConfined()) {
            var limits = arena.allocate(ValueLayout.JAVA_LONG, 2);
            var get = linker.downcallHandle(linker.defaultLookup().findOrThrow("getrlimit"), function);
            var set = linker.downcallHandle(linker.defaultLookup().findOrThrow("setrlimit"), function);
            must((int) get.invokeExact(RLIMIT_FSIZE, limits));
            limits.setAtIndex(
                    ValueLayout.JAVA_LONG, 0, bytes < 0 ? limits.getAtIndex(ValueLayout.JAVA_LONG, 1) : bytes);
            must((int) set.invokeExact(RLIMIT_FSIZE, limits));
        } catch (Throwable e) {
            throw new IllegalStateException("The limit cannot be set", e);
        }
    }

    private static void must(int result) {
        if (result != 0) {
            throw new IllegalStateException("The limit was not set");
        }
    }
}
