package dev.farshore.tests.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The product with one place of it changed: compiles a patched copy of one source file, and loads
 * the whole product and the simulation anew around it. The product needs no hooks for that, and a
 * mutation whose place is not there any more does not pass for a killed one.
 *
 * @param name what the change breaks
 * @param edits of the sources, all of which are made: where two guards stand behind each other, one
 *     for each
 */
record Mutant(String name, List<Edit> edits) {
  private static final String OURS = "dev.farshore.";

  /**
   * @param source file under the repository's root
   * @param text that occurs exactly once in the file
   * @param replacement what stands there instead
   */
  record Edit(Path source, String text, String replacement) {}

  Mutant {
    edits = List.copyOf(edits);
  }

  /**
   * A class loader with the mutation in it; ask it for the class to run.
   *
   * @param root of the repository
   */
  ClassLoader load(Path root) throws IOException {
    Map<Path, String> patched = new LinkedHashMap<>();
    for (Edit edit : edits) {
      String before = patched.get(edit.source());
      patched.put(
          edit.source(),
          patch(before != null ? before : Files.readString(root.resolve(edit.source())), edit));
    }
    return new Loader(compile(patched));
  }

  private String patch(String original, Edit edit) {
    int at = original.indexOf(edit.text());
    if (at < 0 || original.indexOf(edit.text(), at + 1) >= 0) {
      throw new AssertionError(
          "mutant '" + name + "': not exactly once in " + edit.source() + ": " + edit.text());
    }
    return original.replace(edit.text(), edit.replacement());
  }

  private static JavaFileObject file(Path source, String text) {
    return new SimpleJavaFileObject(source.toUri(), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  private Map<String, byte[]> compile(Map<Path, String> patched) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    List<JavaFileObject> sources =
        patched.entrySet().stream().map(each -> file(each.getKey(), each.getValue())).toList();
    try (Memory files = new Memory(compiler, classes)) {
      List<String> options =
          List.of("-classpath", System.getProperty("java.class.path"), "-proc:none", "-nowarn");
      java.io.StringWriter messages = new java.io.StringWriter();
      if (!compiler.getTask(messages, files, null, options, null, sources).call()) {
        throw new AssertionError("mutant '" + name + "' does not compile: " + messages);
      }
    }
    Map<String, byte[]> bytes = new HashMap<>();
    classes.forEach((className, out) -> bytes.put(className, out.toByteArray()));
    return bytes;
  }

  /** Takes what the compiler writes. */
  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    Memory(JavaCompiler compiler, Map<String, ByteArrayOutputStream> classes) {
      super(compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8));
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          classes.put(className, out);
          return out;
        }
      };
    }
  }

  /** Defines everything of ours itself, the patched classes from memory. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> patched;

    Loader(Map<String, byte[]> patched) {
      super(Mutant.class.getClassLoader());
      this.patched = patched;
    }

    @Override
    protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
      if (!className.startsWith(OURS)) {
        return super.loadClass(className, resolve);
      }
      synchronized (getClassLoadingLock(className)) {
        Class<?> known = findLoadedClass(className);
        return known != null ? known : define(className);
      }
    }

    private Class<?> define(String className) throws ClassNotFoundException {
      byte[] bytes = patched.get(className);
      if (bytes == null) {
        String resource = className.replace('.', '/') + ".class";
        try (InputStream in = getParent().getResourceAsStream(resource)) {
          if (in == null) {
            throw new ClassNotFoundException(className);
          }
          bytes = in.readAllBytes();
        } catch (IOException e) {
          throw new ClassNotFoundException(className, e);
        }
      }
      return defineClass(className, bytes, 0, bytes.length);
    }
  }
}
