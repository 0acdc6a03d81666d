package dev.offramp.testing;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.attribute.RecordAttribute;
import java.lang.classfile.attribute.RecordComponentInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Takes the annotations off the components of records in a folder of classes. PIT puts its mistakes into a loaded class by
 * redefining it, and the JVM redefines no record whose components have annotations: each such mistake would end the JVM of
 * its tests and pass for one that was found.
 *
 * @see <a href="https://github.com/hcoles/pitest/issues/1285">PIT's issue 1285</a>
 */
public final class PlainRecords {

    private PlainRecords() {}

    public static void main(String... folders) throws IOException {
        for (var folder : folders) {
            List<Path> classes;
            try (var files = Files.walk(Path.of(folder))) {
                classes =
                        files.filter(each -> each.toString().endsWith(".class")).toList();
            }
            for (var each : classes) {
                Files.write(each, plain(Files.readAllBytes(each)));
            }
        }
    }

    static byte[] plain(byte[] bytes) {
        var read = ClassFile.of().parse(bytes);
        if (read.findAttribute(Attributes.record()).isEmpty()) {
            return bytes;
        }
        return ClassFile.of()
                .transformClass(
                        read,
                        ClassTransform.dropping(each -> each instanceof RecordAttribute)
                                .andThen(ClassTransform.endHandler(made -> made.with(RecordAttribute.of(
                                        read.findAttribute(Attributes.record()).orElseThrow().components().stream()
                                                .map(PlainRecords::plain)
                                                .toList())))));
    }

    private static RecordComponentInfo plain(RecordComponentInfo component) {
        return RecordComponentInfo.of(
                component.name(),
                component.descriptor(),
                component.findAttribute(Attributes.signature()).stream()
                        .<java.lang.classfile.Attribute<?>>map(each -> each)
                        .toList());
    }
}
