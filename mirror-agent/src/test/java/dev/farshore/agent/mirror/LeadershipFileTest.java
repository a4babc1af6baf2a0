package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.RealDisk;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeadershipFileTest {
  private static final Leadership SAMPLE =
      new Leadership(
          0x1122334455667788L,
          Role.MIRROR,
          new Epoch(7, 2, 3),
          Epoch.NONE,
          new Epoch(8, 1, 0),
          true,
          true);

  @Test
  void remembersWhatWasWrittenLast(@TempDir Path directory) throws IOException {
    try (RealDisk disk = new RealDisk(directory, () -> {});
        LeadershipFile file = new LeadershipFile(disk)) {
      assertTrue(file.read().isEmpty());
      file.write(Leadership.initial(Role.PRIMARY, 5, 1));
      file.write(SAMPLE);
    }
    try (RealDisk disk = new RealDisk(directory, () -> {});
        LeadershipFile file = new LeadershipFile(disk)) {
      assertEquals(SAMPLE, file.read().orElseThrow());
    }
  }

  @Test
  void keepsItsLayout() {
    ByteBuffer bytes = LeadershipFile.encode(SAMPLE);
    StringBuilder hex = new StringBuilder();
    while (bytes.hasRemaining()) {
      hex.append(String.format("%02x", bytes.get()));
    }
    assertEquals(
        "1122334455667788"
            + "02030000"
            + "000000070000000200000003"
            + "000000000000000000000000"
            + "000000080000000100000000",
        hex.toString());
  }

  @Test
  void refusesWhatItNeverWrites() {
    for (int length = 0; length < 48; length++) {
      ByteBuffer cut = LeadershipFile.encode(SAMPLE).limit(length);
      assertThrows(IOException.class, () -> LeadershipFile.decode(cut));
    }
    ByteBuffer noRole = LeadershipFile.encode(SAMPLE);
    noRole.put(8, (byte) 3);
    assertThrows(IOException.class, () -> LeadershipFile.decode(noRole));
  }
}
