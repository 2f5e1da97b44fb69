import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Copies a jar with its class files of Java 5 as such of Java 8: the same code, with the stack maps that verifiers
 * since Java 6 go by. The JVM archives no older ones, and verifies them in a slower way.
 *
 * <p>Arguments: the jar, and the new one.
 */
public final class UpgradeClasses {
  /** The JVM archives these and later ones. */
  private static final int JAVA_6 = ClassFile.JAVA_6_VERSION;

  private static final int JAVA_8 = ClassFile.JAVA_8_VERSION;

  /** The licence of what is changed asks for it. */
  private static final String NOTICE = "META-INF/UPGRADED";

  private final ClassFile format;

  private UpgradeClasses(ClassLoader classes) {
    format =
        ClassFile.of(
            StackMapsOption.GENERATE_STACK_MAPS,
            // Else code that nobody changes is copied as it is, without stack maps.
            ConstantPoolSharingOption.NEW_POOL,
            // Stack maps name the common superclass of two classes.
            ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(classes).orElse(ClassHierarchyResolver.defaultResolver())));
  }

  public static void main(String[] arguments) throws IOException {
    Path from = Path.of(arguments[0]);
    try (URLClassLoader classes = new URLClassLoader(new URL[] {from.toUri().toURL()});
        JarFile jar = new JarFile(from.toFile());
        OutputStream out = Files.newOutputStream(Path.of(arguments[1]));
        JarOutputStream upgraded = new JarOutputStream(out)) {
      new UpgradeClasses(classes).copy(jar, upgraded);
    }
  }

  private void copy(JarFile jar, JarOutputStream upgraded) throws IOException {
    for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
      JarEntry entry = entries.nextElement();
      byte[] content = jar.getInputStream(entry).readAllBytes();
      add(upgraded, entry, entry.getName().endsWith(".class") ? upgraded(content) : content);
    }
    JarEntry notice = new JarEntry(NOTICE);
    notice.setTime(jar.entries().nextElement().getTime()); // else no two builds would be the same
    add(
        upgraded,
        notice,
        "The build of rdmagid changed the version of these class files and added stack maps.\n"
            .getBytes(StandardCharsets.UTF_8));
  }

  private static void add(JarOutputStream jar, JarEntry like, byte[] content) throws IOException {
    JarEntry entry = new JarEntry(like.getName());
    if (like.getTime() >= 0) {
      entry.setTime(like.getTime());
    }
    jar.putNextEntry(entry);
    jar.write(content);
    jar.closeEntry();
  }

  private byte[] upgraded(byte[] content) {
    ClassModel model = format.parse(content);
    return model.majorVersion() >= JAVA_6
        ? content
        : format.transformClass(
            model,
            ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                .andThen((builder, element) -> {
                  if (element instanceof ClassFileVersion) {
                    builder.withVersion(JAVA_8, 0);
                  } else {
                    builder.with(element);
                  }
                }));
  }
}
