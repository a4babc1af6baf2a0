package dev.farshore.agent.site;

import dev.farshore.agent.config.Address;
import dev.farshore.agent.config.GroupConfig;
import dev.farshore.agent.config.SiteConfig;
import dev.farshore.agent.control.ControlServer;
import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.agent.mirror.GroupSettings;
import dev.farshore.agent.mirror.NodePorts;
import dev.farshore.agent.mirror.SessionRouter;
import dev.farshore.appliance.nbd.NbdLimits;
import dev.farshore.appliance.nbd.NbdServer;
import dev.farshore.log.disk.DirectoryLock;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running site, from the lock on its data directory to its clean end. {@link #stop} and {@link
 * #awaitEnd} may be called on any thread.
 */
public final class SiteProcess {
  private static final Logger LOG = LoggerFactory.getLogger(SiteProcess.class);

  /** What the process exits with when an invariant is broken ({@code EX_SOFTWARE}). */
  public static final int BROKEN_EXIT_CODE = 70;

  private final SiteConfig config;
  private final DirectoryLock lock;
  private final EventLoopGroup threads;
  private final EventLoop loop;
  private final SiteLoop site;
  private final SiteExports exports;
  private final List<GroupHome> homes = new ArrayList<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private SiteSockets sockets;
  private NbdServer nbd;
  private volatile ControlServer control;
  private volatile boolean clean = true;

  private SiteProcess(SiteConfig config, DirectoryLock lock) {
    this.config = config;
    this.lock = lock;
    this.threads = NbdServer.newLoop("site");
    this.loop = threads.next();
    this.site = new SiteLoop(loop, SiteProcess::broken);
    this.exports = new SiteExports(site.groups(), site.unopened());
  }

  /**
   * Starts a site. When it returns, everything is recovered and every socket is open.
   *
   * @throws dev.farshore.log.disk.DirectoryLockedException if the site runs already
   * @throws IOException if the disk refuses, or holds what it should not
   * @throws SiteFailure if it cannot run for another reason
   */
  public static SiteProcess start(SiteConfig config, String version)
      throws IOException, InterruptedException {
    Path data = config.site().data();
    privateDirectory(data);
    DirectoryLock lock = DirectoryLock.acquire(data);
    SiteProcess process = new SiteProcess(config, lock);
    boolean up = false;
    try {
      process.open(version);
      up = true;
      return process;
    } finally {
      if (!up) {
        process.abandon();
      }
    }
  }

  /** Nobody else may look into it: it holds the volumes. */
  static void privateDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private void open(String version) throws IOException, InterruptedException {
    onLoop(
        () -> {
          Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> broken(e));
          sockets = new SiteSockets(config, loop);
          openGroups();
          return null;
        });
    nbd = startNbd();
    SiteControl operations =
        new SiteControl(
            config, version, loop, site, exports, () -> sockets.kernelTellsWhatLeft(), this::stop);
    HealthLog health = new HealthLog();
    onLoop(
        () -> {
          exports.serve(nbd);
          sockets.listen(site.reception());
          loop.scheduleAtFixedRate(() -> observe(health, operations), 0, 1, TimeUnit.SECONDS);
          return null;
        });
    control = ControlServer.listen(config.site().controlSocket(), operations);
    LOG.info(
        "site {} is up: process {}, mirrors at {}, NBD at {}, data in {}",
        config.site().name(),
        ProcessHandle.current().pid(),
        config.site().listen(),
        config.nbd().listen(),
        config.site().data());
  }

  private void openGroups() throws IOException {
    SecureRandom entropy = new SecureRandom();
    SessionRouter sessions =
        new SessionRouter(sockets.datagrams(), System::nanoTime, entropy, site::wake);
    NodePorts ports =
        new NodePorts(
            sockets.control(),
            sessions,
            System::nanoTime,
            System::currentTimeMillis,
            entropy,
            site::wake);
    Optional<IOException> first = Optional.empty();
    for (GroupConfig group : config.groups()) {
      GroupSettings settings = GroupAssembly.settings(config, group);
      try {
        openGroup(group, settings, ports);
      } catch (IOException e) {
        first = first.or(() -> Optional.of(e));
        leaveOut(group, e);
      }
    }
    if (site.groups().isEmpty() && first.isPresent()) {
      throw first.get();
    }
  }

  private void openGroup(GroupConfig group, GroupSettings settings, NodePorts ports)
      throws IOException {
    LogMemory memory = LogMemory.ofThisProcess(config.groups().size());
    GroupHome home = GroupHome.open(groups(), group, memory, site::wake);
    boolean open = false;
    try {
      site.add(new GroupNode(settings, home, home.leadership(), ports, exports::onRole));
      homes.add(home);
      open = true;
    } finally {
      if (!open) {
        home.close();
      }
    }
  }

  /** Damage to one group is no reason not to serve the others. */
  private void leaveOut(GroupConfig group, IOException cause) {
    UnopenedGroup unopened =
        new UnopenedGroup(group, groups().resolve(group.name()), cause.toString());
    LOG.error(
        "group {} in {} cannot be opened, and nothing of it is served: {}",
        group.name(),
        unopened.directory(),
        cause.toString());
    site.addUnopened(unopened);
  }

  private Path groups() {
    return config.site().data().resolve("groups");
  }

  private NbdServer startNbd() throws InterruptedException {
    List<Address> addresses = config.nbd().listen();
    try {
      return NbdServer.start(
              threads,
              exports,
              NbdLimits.DEFAULT,
              addresses.stream().map(SiteSockets::socketAddress).toList(),
              SiteProcess::broken)
          .get();
    } catch (ExecutionException e) {
      String reason = e.getCause().getMessage();
      Address refused =
          addresses.stream()
              .filter(a -> reason.contains(a.toString()))
              .findFirst()
              .orElse(addresses.getFirst());
      throw SiteSockets.inUse("nbd.listen", refused, reason, e.getCause());
    }
  }

  private static void observe(HealthLog health, SiteControl operations) {
    try {
      health.observe(operations.report());
    } catch (RuntimeException | Error e) {
      broken(e);
    }
  }

  /** Runs something on the loop and waits for it. */
  private <T> T onLoop(Callable<T> work) throws IOException, InterruptedException {
    try {
      return loop.submit(work).get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case SiteFailure failure -> throw failure;
        default -> throw new IllegalStateException("the site cannot start", e.getCause());
      }
    }
  }

  /** Nothing may be trusted any more: stop without writing another byte. */
  private static void broken(Throwable cause) {
    LOG.error("a broken invariant stops this process", cause);
    Runtime.getRuntime().halt(BROKEN_EXIT_CODE);
  }

  /** Begins to end the site cleanly; returns at once. */
  public void stop() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    LOG.info("site {} is stopping", config.site().name());
    nbd.close().thenRun(() -> loop.execute(this::close));
  }

  /** On the loop, when no client is left. */
  private void close() {
    closeGroups();
    sockets.close();
    Thread.ofPlatform().name("stop").start(this::end);
  }

  private void closeGroups() {
    site.stop();
    for (GroupNode group : site.groups()) {
      try {
        group.close();
      } catch (IOException e) {
        LOG.error("group {}: not closed cleanly: {}", group.name(), e.toString());
        clean = false;
      }
    }
    closeHomes();
  }

  private void closeHomes() {
    for (GroupHome home : homes) {
      try {
        home.close();
      } catch (IOException e) {
        LOG.error("{}: {}", home.directory(), e.toString());
        clean = false;
      }
    }
  }

  private void end() {
    threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    try {
      control.close();
      lock.close();
    } catch (IOException e) {
      LOG.error("site {}: {}", config.site().name(), e.toString());
      clean = false;
    }
    LOG.info("site {} has ended", config.site().name());
    ended.countDown();
  }

  /** Lets go of what a start that failed had taken. */
  private void abandon() throws IOException, InterruptedException {
    onLoop(
        () -> {
          closeGroups();
          if (sockets != null) {
            sockets.close();
          }
          return null;
        });
    threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    lock.close();
  }

  /**
   * Waits until the site has ended.
   *
   * @return whether everything was closed cleanly
   */
  public boolean awaitEnd() throws InterruptedException {
    ended.await();
    return clean;
  }
}
