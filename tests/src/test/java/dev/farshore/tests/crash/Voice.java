package dev.farshore.tests.crash;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Says lines to the parent process; a line is with the kernel when {@link #say} returns. */
final class Voice {
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

  void say(String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
