package dev.farshore.tests.crash;

import dev.farshore.tests.machine.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An ext4 file system on a block device of which every write can be made to fail. */
final class EioRig implements AutoCloseable {
  private final Path directory;
  private final Path trigger;

  private EioRig(Path directory) {
    this.directory = directory;
    this.trigger = directory.resolve("trigger");
  }

  /** Needs root, loop devices, FUSE and the NBD tools; skips the test, saying so, without them. */
  static EioRig up(Path directory) throws IOException {
    Needs.programs("nbdkit", "nbdfuse", "losetup", "mkfs.ext4");
    Tools.requireRoot();
    Needs.that(Files.exists(Path.of("/dev/fuse")), "/dev/fuse");
    Needs.that(Files.exists(Path.of("/dev/loop-control")), "/dev/loop-control");
    EioRig rig = new EioRig(directory);
    rig.script("up");
    return rig;
  }

  private void script(String command) throws IOException {
    Tools.run("bash", Tools.nativeSource("eio_rig.sh").toString(), command, directory.toString());
  }

  /** Where the file system is mounted. */
  Path mount() {
    return directory.resolve("mnt");
  }

  /** From now on the device writes nothing. */
  void breakDown() throws IOException {
    Files.createFile(trigger);
  }

  void heal() throws IOException {
    Files.delete(trigger);
  }

  /** Forgets what only the page cache held. */
  void remount() throws IOException {
    script("remount");
  }

  /** What is to be done with a file system that took no more writes: checks it, mounts it again. */
  void repair() throws IOException {
    script("repair");
  }

  @Override
  public void close() throws IOException {
    script("down");
  }
}
