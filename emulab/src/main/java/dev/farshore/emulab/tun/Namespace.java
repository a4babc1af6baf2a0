package dev.farshore.emulab.tun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;

/**
 * A network namespace with a name, as {@code ip netns} keeps them. To enter one: {@code ip netns
 * exec NAME PROGRAM}.
 *
 * @param name letters, digits, {@code - _ .}, not beginning with {@code - .}; at most 64 of them
 */
public record Namespace(String name) {

  private static final Path DIRECTORY = Path.of("/run/netns");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

  public Namespace {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name for a network namespace: letters, digits, - _ .");
    }
  }

  Path path() {
    return DIRECTORY.resolve(name);
  }

  public boolean exists() {
    return Files.exists(path());
  }

  /**
   * Makes it.
   *
   * @throws IOException if it exists, or may not be made
   */
  public void create() throws IOException {
    IpCommand.run("netns", "add", name);
  }

  /** Takes its name away. It ends with the last process in it. */
  public void remove() throws IOException {
    IpCommand.run("netns", "del", name);
  }

  /**
   * Runs {@code ip} in it.
   *
   * @throws IOException with what it says, if it fails
   */
  public void ip(String... arguments) throws IOException {
    String[] all = new String[arguments.length + 2];
    all[0] = "-n";
    all[1] = name;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    IpCommand.run(all);
  }

  /**
   * Does something on a thread of its own that is in this namespace. Sockets and TUN devices that
   * are made there stay there, whichever thread uses them later.
   *
   * @throws IOException if the namespace cannot be entered, or the action fails with it
   */
  public <T> T in(Callable<T> action) throws IOException {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              enter();
              return action.call();
            });
    Thread.ofPlatform().name("in-" + name).daemon().start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failed -> throw failed;
        case RuntimeException failed -> throw failed;
        case Error failed -> throw failed;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted in the namespace " + name, e);
    }
  }

  /**
   * Puts the calling thread into it, for good: what it makes from now on is there.
   *
   * @throws IOException if that cannot be done
   */
  public void enterForGood() throws IOException {
    enter();
  }

  private void enter() throws IOException {
    SystemCalls calls = new SystemCalls();
    int descriptor = calls.open(path().toString(), SystemCalls.READ_ONLY);
    if (descriptor < 0) {
      throw new IOException(
          "There is no network namespace " + name + " (error " + -descriptor + ")");
    }
    int entered = calls.enterNetwork(descriptor);
    calls.close(descriptor);
    if (entered < 0) {
      throw new IOException(
          "The network namespace "
              + name
              + " cannot be entered (error "
              + -entered
              + (entered == SystemCalls.NOT_PERMITTED ? ": this needs root)" : ")"));
    }
  }
}
