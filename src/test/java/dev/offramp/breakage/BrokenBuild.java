package dev.offramp.breakage;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles the one changed source against the build as it is. */
final class BrokenBuild {

    private BrokenBuild() {}

    /** @throws IllegalStateException with the compiler's words when it does not compile */
    static void compile(Breakage breakage, String classPath, Path directory) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        boolean compiled = compiler.getTask(
                        said,
                        null,
                        null,
                        List.of("-proc:none", "-nowarn", "-parameters", "-cp", classPath, "-d", directory.toString()),
                        null,
                        List.of(source(breakage)))
                .call();
        if (!compiled) {
            throw new IllegalStateException(
                    "Without '%s' %s does not compile: %s".formatted(breakage.what(), breakage.file(), said));
        }
    }

    private static JavaFileObject source(Breakage breakage) {
        String text = breakage.brokenSource();
        return new SimpleJavaFileObject(
                URI.create("string:///" + breakage.type().replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
