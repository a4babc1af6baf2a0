package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How much of the end of the log stays in memory. */
class WindowEvictionTest {
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final int CACHE_BYTES = 128 << 10;
  private static final int RECORDS = 400;
  private static final LogSettings SETTINGS = new LogSettings("log", 5, 256 << 10, CACHE_BYTES, 1);

  @Test
  void aReaderThatRestsOnOneWindowDoesNotKeepThoseBehindIt() throws IOException {
    SimulatedPlatter platter =
        new SimulatedPlatter(new SplittableRandom(1), new DiskTiming(0, 0, 0, 0, false));
    Tail tail = Recovery.create(platter.mount(), SETTINGS, LogPosition.START, 7).tail();
    Staging staging = tail.staging();
    append(tail);
    Window resting = staging.window(1).orElseThrow();
    resting.use();
    for (int i = 1; i < RECORDS; i++) {
      append(tail);
    }
    assertTrue(staging.window(1).isPresent(), "somebody looks into it");
    assertTrue(heldBytes(staging) <= CACHE_BYTES, heldBytes(staging) + " bytes in memory");
    resting.release();
    append(tail);
    append(tail);
    assertTrue(staging.window(RECORDS + 2).isPresent(), "the newest window stays");
  }

  private static void append(Tail tail) throws IOException {
    Change change = new Change.Write(1, 0, ByteBuffer.allocate(4096));
    tail.staging().append(List.of(change), EPOCH, 0);
    tail.drain();
  }

  private static long heldBytes(Staging staging) {
    Map<Window, Boolean> held = new IdentityHashMap<>();
    for (long lsn = 1; lsn <= RECORDS; lsn++) {
      staging.window(lsn).ifPresent(window -> held.put(window, true));
    }
    return held.keySet().stream().mapToLong(window -> window.bytes().capacity()).sum();
  }
}
