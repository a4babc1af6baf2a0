package dev.farshore.tests.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.testbed.live.client.AckJournal;
import dev.farshore.emulab.testbed.live.client.JournalingWriter;
import dev.farshore.emulab.testbed.live.client.NbdConnection;
import dev.farshore.tests.demo.CommandProcess;
import dev.farshore.tests.demo.Demonstration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk image with a file system goes in, fio writes on top, a third client is writing when
 * everything is killed with -9; started again, all of it is there, and the mirror's copy is equal.
 */
@Tag("clients")
@Timeout(600)
final class FirstLightTest {
  private static final long IMAGE_BYTES = 128 << 20;
  private static final int FILES = 120;
  private static final int JOURNAL_BLOCKS = 4096;
  private static final int BLOCK_BYTES = 4096;
  private static final int WRITES_BEFORE_THE_KILL = 2000;

  @TempDir private Path directory;

  private ClientTool tool(String program) {
    return ClientTool.installed(program, directory);
  }

  /** A qcow2 image of an ext4 file system with files in it. */
  private Path image() throws IOException {
    Random random = new Random(1);
    Path tree = Files.createDirectory(directory.resolve("tree"));
    for (int i = 0; i < FILES; i++) {
      byte[] content = new byte[random.nextInt(200_000)];
      random.nextBytes(content);
      Path folder = Files.createDirectories(tree.resolve("folder" + i % 7));
      Files.write(folder.resolve("file" + i), content);
    }
    Path raw = directory.resolve("disk.raw");
    tool("mke2fs")
        .run("-q", "-t", "ext4", "-d", tree.toString(), raw.toString(), IMAGE_BYTES / 1024 + "k")
        .succeeds();
    Path image = directory.resolve("disk.qcow2");
    tool("qemu-img")
        .run("convert", "-f", "raw", "-O", "qcow2", raw.toString(), image.toString())
        .succeeds();
    return image;
  }

  private void fio(String uri, String... mode) {
    List<String> job =
        List.of(
            "--name=v",
            "--ioengine=nbd",
            "--uri=" + uri,
            "--rw=randwrite",
            "--bs=4k",
            "--offset=512M",
            "--size=16M",
            "--iodepth=16",
            "--randseed=7",
            "--verify=crc32c",
            "--verify_fatal=1");
    tool("fio").run(Stream.concat(job.stream(), List.of(mode).stream()).toList()).succeeds();
  }

  /** What lies at the beginning of the volume is the image, and a sound file system. */
  private void holdsTheImage(Path image, Demonstration demo, String site) {
    String volume =
        "driver=raw,size=" + IMAGE_BYTES + ",file.driver=nbd,file.host=localhost,file.export=demo";
    tool("qemu-img")
        .run(
            "compare",
            "--image-opts",
            "driver=qcow2,file.filename=" + image,
            volume + ",file.port=" + demo.nbdPort(site))
        .succeeds()
        .says("Images are identical");
    Path copy = directory.resolve(site + ".raw");
    tool("nbdcopy").run(demo.uri(site, "demo"), copy.toString()).succeeds();
    tool("e2fsck").run("-f", "-n", copy.toString()).succeeds();
  }

  @Test
  void imageAndVerifyAndEveryAnsweredWriteSurviveKillingEverything() throws Exception {
    Path image = image();
    Demonstration demo = new Demonstration(directory);
    AckJournal journal = new AckJournal(3, JOURNAL_BLOCKS, BLOCK_BYTES);
    try (CommandProcess start = demo.start()) {
      tool("qemu-img")
          .run("convert", "-n", "-O", "raw", image.toString(), demo.uri("west", "demo"))
          .succeeds();
      fio(demo.uri("west", "demo"), "--do_verify=1", "--fsync=64");
      demo.createVolume("journal", (long) JOURNAL_BLOCKS * BLOCK_BYTES);
      JournalingWriter writer = new JournalingWriter(journal, demo.nbd("west"), "journal", 32, 3);
      writer.start();
      while (journal.acknowledgedWrites() < WRITES_BEFORE_THE_KILL && writer.ended().isEmpty()) {
        Thread.onSpinWait();
      }
      demo.killAll(start);
      writer.awaitEnd();
      assertTrue(journal.acknowledgedWrites() >= WRITES_BEFORE_THE_KILL, start::output);
    }
    try (CommandProcess again = demo.start()) {
      holdsTheImage(image, demo, "west");
      fio(demo.uri("west", "demo"), "--verify_only=1");
      demo.awaitMirrored("west");
      tool("qemu-img")
          .run(
              "compare",
              "-f",
              "raw",
              "-F",
              "raw",
              demo.uri("west", "demo"),
              demo.uri("east", "demo"))
          .succeeds()
          .says("Images are identical");
      holdsTheImage(image, demo, "east");
      fio(demo.uri("east", "demo"), "--verify_only=1");
      for (String site : List.of("west", "east")) {
        try (NbdConnection connection = new NbdConnection(demo.nbd(site), "journal")) {
          assertEquals(List.of(), journal.verify(connection), () -> site + again.output());
        }
      }
    }
  }
}
