package dev.offramp.breakage;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles the one changed source against the build as it is; the libraries are opened once for all. */
final class BrokenBuild implements AutoCloseable {

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
    private final String classPath;

    BrokenBuild(String classPath) {
        this.classPath = classPath;
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    /** @throws IllegalStateException with the compiler's words when it does not compile */
    void compile(Breakage breakage, Path directory) {
        var said = new StringWriter();
        boolean compiled = compiler.getTask(
                        said,
                        files,
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
