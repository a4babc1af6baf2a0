package dev.farshore.emulab.command;

import dev.farshore.emulab.wan.Wan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Orders typed at a running link. The end of standard input is no order: scripts close it. */
final class StandardInput implements Runnable {

  private final Wan wan;
  private final PrintWriter out;

  StandardInput(Wan wan, PrintWriter out) {
    this.wan = wan;
    this.out = out;
  }

  @Override
  public void run() {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          obey(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Standard input cannot be read", e);
    }
  }

  private void obey(String line) {
    try {
      out.println(wan.obey(line));
    } catch (IllegalArgumentException e) {
      out.println("error: " + e.getMessage());
    }
    out.flush();
  }
}
