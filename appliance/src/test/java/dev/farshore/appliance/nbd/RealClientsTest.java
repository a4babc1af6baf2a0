package dev.farshore.appliance.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.FixedDirectory;
import dev.farshore.appliance.export.MemoryExport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients that people use, against a server over memory. */
@Tag("clients")
class RealClientsTest {

  private static final int MIB = 1 << 20;
  private static final int SIZE = 64 * MIB;

  private final MemoryExport disk = new MemoryExport("disk", SIZE);
  private final MemoryExport mirror = new MemoryExport("mirror", SIZE + 512, true);

  @TempDir private Path directory;
  private LoopbackServer serving;
  private String uri;
  private String unixUri;

  @BeforeEach
  void serve() {
    Path socket = directory.resolve("nbd.sock");
    serving =
        new LoopbackServer(
            FixedDirectory.of(disk, mirror),
            NbdLimits.DEFAULT,
            LoopbackServer.anyPort(),
            LoopbackServer.unix(socket));
    uri = serving.uri();
    unixUri = "nbd+unix:///disk?socket=" + socket;
  }

  @AfterEach
  void nothingIsLeft() {
    while (serving.statistics().connections() > 0) {
      Thread.onSpinWait();
    }
    assertEquals(0, serving.statistics().creditBytes());
    assertEquals(0, serving.statistics().violations());
    serving.close();
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

  private byte[] contents() {
    return serving.onLoop(() -> disk.bytes(0, SIZE));
  }

  @Test
  void nbdinfoSeesEveryCapability() {
    String json = tool("nbdinfo").run("--json", uri + "disk").succeeds().output();
    for (String flag :
        new String[] {"cache", "df", "fast_zero", "flush", "fua", "multi_conn", "trim", "zero"}) {
      assertTrue(json.contains("\"can_" + flag + "\": true"), flag + " in " + json);
    }
    assertTrue(json.contains("\"is_read_only\": false"), json);
    assertTrue(json.contains("\"export-size\": " + SIZE), json);
    assertTrue(json.contains("\"block_size_minimum\": 1,"), json);
    assertTrue(json.contains("\"block_size_preferred\": 4096"), json);
    assertTrue(json.contains("\"block_size_maximum\": 33554432"), json);
    assertTrue(json.contains("base:allocation"), json);
    assertTrue(json.contains("\"protocol\": \"newstyle-fixed\""), json);
    assertTrue(json.contains("\"structured\": true"), json);
  }

  @Test
  void nbdinfoListsTheExportsAndKnowsTheReadOnlyOne() {
    String list = tool("nbdinfo").run("--list", uri).succeeds().output();
    assertTrue(list.contains("export=\"disk\"") && list.contains("export=\"mirror\""), list);
    tool("nbdinfo").run("--is", "read-only", uri + "mirror").succeeds();
    tool("nbdinfo").run("--is", "read-only", uri + "disk").fails();
    tool("nbdinfo").run(uri + "nobody").fails();
    assertEquals(
        Integer.toString(SIZE), tool("nbdinfo").run("--size", uri).succeeds().output().strip());
  }

  @Test
  void nbdinfoMapsHolesAndData() {
    tool("qemu-io")
        .run("-f", "raw", "-c", "write -P 1 1M 64k", "-c", "write -z 2M 32k", uri + "disk")
        .succeeds();
    String map = tool("nbdinfo").run("--map", uri + "disk").succeeds().output();
    String expected =
        """
        0 1048576 3 hole,zero
        1048576 65536 0 data
        1114112 983040 3 hole,zero
        2097152 32768 2 zero
        2129920 64978944 3 hole,zero
        """;
    assertEquals(expected, map.replaceAll(" +", " ").replaceAll("(?m)^ ", ""));
  }

  @Test
  void nbdcopyCopiesBothWaysOverFourConnections() throws IOException {
    Path image = image(1);
    tool("nbdcopy")
        .run("--connections=4", "--threads=4", "--requests=64", image.toString(), uri + "disk")
        .succeeds();
    byte[] original = Files.readAllBytes(image);
    assertArrayEquals(original, contents());
    assertTrue(serving.statistics().accepted() >= 4);
    Path back = directory.resolve("back.raw");
    tool("nbdcopy").run("--connections=4", "--threads=4", uri + "disk", back.toString()).succeeds();
    assertArrayEquals(original, Files.readAllBytes(back));
  }

  @Test
  void nbdcopyWithFlushAndLargeRequestsOverTheUnixSocket() throws IOException {
    Path image = image(2);
    tool("nbdcopy")
        .run("--flush", "--request-size=33554432", "--sparse=0", image.toString(), unixUri)
        .succeeds();
    assertArrayEquals(Files.readAllBytes(image), contents());
    assertTrue(serving.onLoop(disk::flushes) > 0);
  }

  @Test
  void qemuImgConvertsAndCompares() throws IOException {
    Path image = image(3);
    ClientTool qemu = tool("qemu-img");
    qemu.run("convert", "-n", "-f", "raw", "-O", "raw", image.toString(), uri + "disk").succeeds();
    assertArrayEquals(Files.readAllBytes(image), contents());
    qemu.run("compare", "-f", "raw", "-F", "raw", image.toString(), uri + "disk").succeeds();
    Path copy = directory.resolve("copy.qcow2");
    qemu.run("convert", "-f", "raw", "-O", "qcow2", uri + "disk", copy.toString()).succeeds();
    qemu.run("compare", "-f", "qcow2", "-F", "raw", copy.toString(), uri + "disk").succeeds();
    tool("qemu-io").run("-f", "raw", "-c", "write -P 9 7M 512", uri + "disk").succeeds();
    qemu.run("compare", "-f", "qcow2", "-F", "raw", copy.toString(), uri + "disk").fails();
  }

  @Test
  void qemuIoWritesZeroesDiscardsAndForces() {
    String output =
        tool("qemu-io")
            .run(
                "-f",
                "raw",
                "-c",
                "write -P 0xaa 0 1M",
                "-c",
                "flush",
                "-c",
                "read -P 0xaa 0 1M",
                "-c",
                "write -f -P 2 4k 4k",
                "-c",
                "read -P 2 4k 4k",
                "-c",
                "write -z 64k 64k",
                "-c",
                "read -P 0 64k 64k",
                "-c",
                "write -z -u 128k 64k",
                "-c",
                "read -P 0 128k 64k",
                "-c",
                "discard 192k 64k",
                "-c",
                "write -P 7 511 3",
                "-c",
                "read -P 7 511 3",
                "-c",
                "write -P 3 32M 31M",
                "-c",
                "read -P 3 32M 31M",
                uri + "disk")
            .succeeds()
            .output();
    assertTrue(!output.contains("failed"), output);
    tool("qemu-io").run("-r", "-f", "raw", "-c", "read -P 0 0 1M", uri + "mirror").succeeds();
    tool("qemu-io").run("-f", "raw", "-c", "write 0 512", uri + "mirror").fails();
  }

  @Test
  void qemuBlkverifyFindsNoDifferenceToARawFile() throws IOException {
    Path raw = directory.resolve("raw.img");
    try (FileChannel file =
        FileChannel.open(raw, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[1]), SIZE - 1);
    }
    Random random = new Random(5);
    String[] arguments = new String[2 * 200 + 1];
    for (int i = 0; i < 200; i++) {
      int offset = 512 * random.nextInt(SIZE / 512 - 4096);
      int length = 512 * (1 + random.nextInt(random.nextInt(10) == 0 ? 4096 : 64));
      String range = offset + " " + length;
      arguments[2 * i] = "-c";
      arguments[2 * i + 1] =
          switch (random.nextInt(4)) {
            case 0, 1 -> "write -P " + (1 + random.nextInt(255)) + " " + range;
            case 2 -> "read " + range;
            default -> "flush";
          };
    }
    arguments[400] = "blkverify:" + raw + ":" + uri + "disk";
    String output = tool("qemu-io").run(arguments).succeeds().output();
    assertTrue(!output.contains("mismatch"), output);
    assertArrayEquals(Files.readAllBytes(raw), contents());
  }

  @Test
  void fioVerifiesRandomWritesWithFsync() {
    tool("fio")
        .run(
            "--name=v",
            "--ioengine=nbd",
            "--uri=" + unixUri,
            "--rw=randrw",
            "--bs=4k",
            "--size=16M",
            "--iodepth=16",
            "--verify=crc32c",
            "--verify_fatal=1",
            "--do_verify=1",
            "--fsync=64")
        .succeeds();
    assertTrue(serving.onLoop(disk::flushes) > 10);
  }

  @Test
  void fioVerifiesMixedSizesAndTrims() {
    tool("fio")
        .run(
            "--name=m",
            "--ioengine=nbd",
            "--uri=" + uri + "disk",
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
            "--uri=" + uri + "disk",
            "--rw=randtrimwrite",
            "--bs=4k",
            "--size=8M",
            "--iodepth=4")
        .succeeds();
  }

  @Test
  void nbdshMeetsTheErrorsOfTheText() {
    String script =
        """
        import errno
        def expect(code, f, *a, **k):
            try:
                f(*a, **k)
            except nbd.Error as e:
                assert e.errnum == code, (e.errnum, code, a)
                return
            raise AssertionError(("no error", a))
        h.set_strict_mode(0)
        h.add_meta_context(nbd.CONTEXT_BASE_ALLOCATION)
        h.connect_uri("%s")
        size = h.get_size()
        expect(errno.EINVAL, h.pread, 512, size)
        expect(errno.EINVAL, h.pread, 512, size - 511)
        expect(errno.ENOSPC, h.pwrite, b"x" * 512, size)
        expect(errno.ENOSPC, h.zero, 512, size)
        expect(errno.EINVAL, h.trim, 512, size)
        expect(errno.EINVAL, h.cache, 512, size)
        expect(errno.EINVAL, h.block_status, 512, size, lambda *a: 0)
        expect(errno.EINVAL, h.pread, 512, 0, nbd.CMD_FLAG_NO_HOLE)
        h.pwrite(b"", 0)
        h.pwrite(b"abc", 1, nbd.CMD_FLAG_FUA)
        assert h.pread(5, 0) == b"\\0abc\\0"
        h.zero(100000, 0, nbd.CMD_FLAG_FAST_ZERO | nbd.CMD_FLAG_NO_HOLE)
        assert h.pread(5, 0) == bytes(5)
        h.pwrite(b"q" * 65536, 0)
        assert h.pread(65536, 0, nbd.CMD_FLAG_DF) == b"q" * 65536
        seen = []
        h.block_status(size, 0, lambda c, o, e, err: seen.append((c, o, e)))
        assert seen == [("base:allocation", 0, [65536, 0, 32768, 2, size - 98304, 3])], seen
        h.flush()
        h.shutdown()
        """
            .formatted(uri + "disk");
    tool("nbdsh").run("-c", script).succeeds();
  }
}
