package dev.farshore.tests.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.testbed.live.client.NbdConnection;
import dev.farshore.tests.demo.CommandProcess;
import dev.farshore.tests.demo.Demonstration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clients that people use, against the demonstration: each test has a volume of its own, and
 * after each the mirror's copy is compared with the primary's.
 */
@Tag("clients")
@Timeout(600)
final class RealClientsTest {
  private static final int MIB = 1 << 20;
  private static final int SIZE = 64 * MIB;
  private static final String PRIMARY = "west";
  private static final String MIRROR = "east";

  @TempDir private static Path home;
  private static Demonstration demo;
  private static CommandProcess start;

  @TempDir private Path directory;
  private String volume;
  private String uri;
  private String mirrorUri;

  @BeforeAll
  static void startSites() throws Exception {
    demo = new Demonstration(home);
    start = demo.start();
  }

  @AfterAll
  static void endSites() throws Exception {
    try {
      // Unless everything was skipped before it had begun.
      if (start.isAlive()) {
        demo.awaitGroup(PRIMARY, "primary", "healthy");
        demo.awaitGroup(MIRROR, "mirror", "healthy");
      }
    } finally {
      start.close();
    }
    assertEquals(143, start.exitCode(), start.output());
  }

  @BeforeEach
  void createVolume(TestInfo test) throws IOException {
    volume = test.getTestMethod().orElseThrow().getName();
    demo.createVolume(volume, SIZE);
    uri = demo.uri(PRIMARY, volume);
    mirrorUri = demo.uri(MIRROR, volume);
  }

  @AfterEach
  void theMirrorIsEqual() throws Exception {
    demo.awaitMirrored(PRIMARY);
    tool("qemu-img").run("compare", "-f", "raw", "-F", "raw", uri, mirrorUri).succeeds();
  }

  private ClientTool tool(String program) {
    return ClientTool.installed(program, directory);
  }

  /** A raw image, {@link #SIZE} bytes long: data, a hole, and data that is not aligned. */
  private Path image(long seed) throws IOException {
    byte[] data = new byte[5 * MIB + 333];
    new Random(seed).nextBytes(data);
    Path image = directory.resolve("image" + seed + ".raw");
    try (FileChannel file =
        FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(data), 0);
      file.write(ByteBuffer.wrap(data), 40 * MIB + 17);
      file.write(ByteBuffer.wrap(new byte[1]), SIZE - 1);
    }
    return image;
  }

  private void equalsImage(Path image, String export) {
    tool("qemu-img")
        .run("compare", "-f", "raw", "-F", "raw", image.toString(), export)
        .succeeds()
        .says("Images are identical");
  }

  @Test
  void nbdinfoSeesWhatEachSiteCanDo() {
    for (String at : List.of(uri, demo.unixUri(PRIMARY, volume))) {
      ClientTool.Run json = tool("nbdinfo").run("--json", at).succeeds();
      for (String flag :
          List.of("cache", "df", "fast_zero", "flush", "fua", "multi_conn", "trim", "zero")) {
        json.says("\"can_" + flag + "\": true");
      }
      json.says("\"is_read_only\": false")
          .says("\"export-size\": " + SIZE)
          .says("\"block_size_preferred\": 4096")
          .says("\"block_size_maximum\": 33554432")
          .says("base:allocation")
          .says("\"protocol\": \"newstyle-fixed\"")
          .says("\"structured\": true");
    }
    // Each connection to a mirror sees the moment of its own beginning.
    tool("nbdinfo")
        .run("--json", mirrorUri)
        .succeeds()
        .says("\"is_read_only\": true")
        .says("\"can_multi_conn\": false")
        .says("\"export-size\": " + SIZE);
    tool("nbdinfo")
        .run("--list", demo.uri(PRIMARY, ""))
        .succeeds()
        .says("export=\"demo\"")
        .says("export=\"" + volume + "\"");
    tool("nbdinfo").run(demo.uri(PRIMARY, "nobody")).fails();
  }

  /** Zeros that were written as such are known as zeros until they are folded into the image. */
  @Test
  void nbdinfoMapsHolesAndData() throws Exception {
    tool("qemu-io")
        .run("-f", "raw", "-c", "write -P 1 1M 64k", "-c", "write -z 2M 32k", uri)
        .succeeds();
    String expected =
        """
        0 1048576 3 hole,zero
        1048576 65536 0 data
        1114112 983040 3 hole,zero
        2097152 32768 2 zero
        2129920 64978944 3 hole,zero
        """;
    demo.awaitMirrored(PRIMARY);
    for (String at : List.of(uri, mirrorUri)) {
      String map = tool("nbdinfo").run("--map", at).succeeds().output();
      assertEquals(
          expected,
          map.replaceAll(" +", " ")
              .replaceAll("(?m)^ ", "")
              .replace("2097152 32768 0 data", "2097152 32768 2 zero"));
    }
  }

  @Test
  void nbdcopyCopiesBothWaysOverFourConnections() throws Exception {
    Path image = image(1);
    tool("nbdcopy")
        .run("--connections=4", "--threads=4", "--requests=64", image.toString(), uri)
        .succeeds();
    Path back = directory.resolve("back.raw");
    tool("nbdcopy").run("--connections=4", "--threads=4", uri, back.toString()).succeeds();
    assertEquals(-1, Files.mismatch(image, back));
    demo.awaitMirrored(PRIMARY);
    Path mirrored = directory.resolve("mirrored.raw");
    tool("nbdcopy").run(mirrorUri, mirrored.toString()).succeeds();
    assertEquals(-1, Files.mismatch(image, mirrored));
  }

  @Test
  void nbdcopyWithFlushAndLargestRequestsOverTheUnixSocket() throws IOException {
    Path image = image(2);
    tool("nbdcopy")
        .run(
            "--flush",
            "--request-size=33554432",
            "--sparse=0",
            image.toString(),
            demo.unixUri(PRIMARY, volume))
        .succeeds();
    equalsImage(image, uri);
  }

  @Test
  void qemuImgConvertsInAndOut() throws IOException {
    Path image = image(3);
    ClientTool qemu = tool("qemu-img");
    qemu.run("convert", "-n", "-f", "raw", "-O", "raw", image.toString(), uri).succeeds();
    equalsImage(image, uri);
    Path copy = directory.resolve("copy.qcow2");
    qemu.run("convert", "-f", "raw", "-O", "qcow2", uri, copy.toString()).succeeds();
    qemu.run("compare", "-f", "qcow2", "-F", "raw", copy.toString(), uri).succeeds();
    tool("qemu-io").run("-f", "raw", "-c", "write -P 9 7M 512", uri).succeeds();
    qemu.run("compare", "-f", "qcow2", "-F", "raw", copy.toString(), uri).fails();
  }

  @Test
  void qemuIoWritesZeroesDiscardsForcesAndReadsBack() {
    String[] commands = {
      "write -P 0xaa 0 1M",
      "flush",
      "read -P 0xaa 0 1M",
      "write -f -P 2 4k 4k",
      "read -P 2 4k 4k",
      "write -z 64k 64k",
      "read -P 0 64k 64k",
      "write -z -u 128k 64k",
      "read -P 0 128k 64k",
      "discard 192k 64k",
      "write -P 7 511 3",
      "read -P 7 511 3",
      "read -P 0xaa 0 511",
      "write -P 3 32M 31M",
      "read -P 3 32M 31M",
      "flush"
    };
    List<String> arguments = new ArrayList<>(List.of("-f", "raw"));
    for (String command : commands) {
      arguments.addAll(List.of("-c", command));
    }
    arguments.add(uri);
    String output = tool("qemu-io").run(arguments).succeeds().output();
    assertFalse(output.contains("failed"), output);
  }

  @Test
  void fioVerifiesRandomWritesWithFsync() {
    for (String at : List.of(uri, demo.unixUri(PRIMARY, volume))) {
      tool("fio")
          .run(
              "--name=v",
              "--ioengine=nbd",
              "--uri=" + at,
              "--rw=randrw",
              "--bs=4k",
              "--size=8M",
              "--iodepth=16",
              "--verify=crc32c",
              "--verify_fatal=1",
              "--do_verify=1",
              "--fsync=64")
          .succeeds();
    }
  }

  @Test
  void fioVerifiesWritesOfMixedSizes() {
    tool("fio")
        .run(
            "--name=m",
            "--ioengine=nbd",
            "--uri=" + uri,
            "--rw=randwrite",
            "--bsrange=512-1M",
            "--size=48M",
            "--iodepth=8",
            "--verify=crc32c",
            "--verify_fatal=1",
            "--do_verify=1")
        .succeeds();
    tool("fio")
        .run(
            "--name=t",
            "--ioengine=nbd",
            "--uri=" + uri,
            "--rw=randtrimwrite",
            "--bs=4k",
            "--size=4M",
            "--iodepth=4")
        .succeeds();
  }

  @Test
  void qemuBlkverifyFindsNoDifferenceToARawFile() throws IOException {
    Path raw = directory.resolve("raw.img");
    try (FileChannel file =
        FileChannel.open(raw, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[1]), SIZE - 1);
    }
    Random random = new Random(5);
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int offset = 512 * random.nextInt(SIZE / 512 - 4096);
      int length = 512 * (1 + random.nextInt(random.nextInt(10) == 0 ? 4096 : 64));
      String range = offset + " " + length;
      arguments.add("-c");
      arguments.add(
          switch (random.nextInt(4)) {
            case 0, 1 -> "write -P " + (1 + random.nextInt(255)) + " " + range;
            case 2 -> "read " + range;
            default -> "flush";
          });
    }
    arguments.add("blkverify:" + raw + ":" + uri);
    String output = tool("qemu-io").run(arguments).succeeds().output();
    assertFalse(output.contains("mismatch"), output);
    equalsImage(raw, uri);
  }

  @Test
  void theMirrorRefusesWritesAndShowsOneMomentToEachClient() throws Exception {
    tool("qemu-io").run("-f", "raw", "-c", "write -P 5 0 1M", uri).succeeds();
    demo.awaitMirrored(PRIMARY);
    tool("qemu-io").run("-f", "raw", "-c", "write 0 512", mirrorUri).fails();
    tool("qemu-io").run("-r", "-f", "raw", "-c", "read -P 5 0 1M", mirrorUri).succeeds();
    try (NbdConnection early = new NbdConnection(demo.nbd(MIRROR), volume)) {
      early.sendWrite(1, 0, new byte[512]);
      early.push();
      assertTrue(early.receive().error() != 0, "the mirror took a write");
      byte[] before = early.read(0, MIB);
      tool("qemu-io").run("-f", "raw", "-c", "write -P 6 0 1M", uri).succeeds();
      demo.awaitMirrored(PRIMARY);
      assertArrayEquals(before, early.read(0, MIB), "what an earlier client sees has changed");
    }
    tool("qemu-io").run("-r", "-f", "raw", "-c", "read -P 6 0 1M", mirrorUri).succeeds();
  }
}
