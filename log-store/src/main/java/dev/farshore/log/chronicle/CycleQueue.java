package dev.farshore.log.chronicle;

import dev.farshore.log.disk.DiskFullException;
import dev.farshore.log.record.RecordFormat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.core.io.IORuntimeException;
import net.openhft.chronicle.core.time.SetTimeProvider;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * A Chronicle Queue whose cycles are numbered by its user instead of by a clock. Owned by the log's
 * thread.
 */
final class CycleQueue implements AutoCloseable {

  /** Puts the bytes of an excerpt into their place. */
  interface Filler {
    /**
     * @param excerpt as long as the excerpt, to be filled wholly; not valid after the call
     */
    void fill(ByteBuffer excerpt);
  }

  /** One minute of Chronicle's time is one cycle: 2^31 of them, in files that stock tools read. */
  private static final LegacyRollCycles CYCLES = LegacyRollCycles.MINUTELY;

  private static final long CYCLE_MILLIS = TimeUnit.MINUTES.toMillis(1);

  /** Holds Chronicle's own lock and its list of cycles; rebuilt when it is missing. */
  private static final String TABLE = "metadata.cq4t";

  private static final DateTimeFormatter FILE_NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmm'.cq4'", Locale.ROOT);

  /**
   * An excerpt has to lie in one mapping, and mappings overlap by a quarter of a block: so four
   * times the longest record, with its checksums and room for excerpt headers, rounded up.
   */
  static final long BLOCK_BYTES = 4L * (RecordFormat.MAX_PAYLOAD_BYTES + (4 << 20));

  /** Room that must be free beyond what is about to be written. */
  private static final long SPARE_BYTES = 16 << 20;

  private static final long CHECK_ROOM_EVERY_BYTES = 4 << 20;

  private final Path directory;
  private final SetTimeProvider time = new SetTimeProvider();
  private final SingleChronicleQueue queue;
  private ExcerptAppender appender;
  private long roomKnown;

  /**
   * Opens the queue of a directory, which must exist and which the caller must have locked: what a
   * dead process left in Chronicle's own lock is thrown away.
   */
  CycleQueue(Path directory) throws IOException {
    this.directory = directory;
    Files.deleteIfExists(directory.resolve(TABLE));
    try {
      this.queue =
          SingleChronicleQueueBuilder.binary(directory)
              .rollCycle(CYCLES)
              .timeProvider(time)
              .blockSize(BLOCK_BYTES)
              .syncMode(SyncMode.NONE)
              .build();
    } catch (IORuntimeException e) {
      throw new IOException("cannot open " + directory, e);
    }
  }

  /** Name of the file of a cycle. */
  static String fileName(int cycle) {
    return LocalDateTime.ofEpochSecond(TimeUnit.MINUTES.toSeconds(cycle), 0, ZoneOffset.UTC)
        .format(FILE_NAME);
  }

  Path directory() {
    return directory;
  }

  /** Number of the cycle in a file of this name; -1 if it is none. */
  static int cycleOf(String fileName) {
    if (!fileName.matches("[0-9]{8}-[0-9]{4}\\.cq4")) {
      return -1;
    }
    long seconds = LocalDateTime.parse(fileName, FILE_NAME).toEpochSecond(ZoneOffset.UTC);
    return Math.toIntExact(TimeUnit.SECONDS.toMinutes(seconds));
  }

  /**
   * Appends one excerpt to a cycle, which is the last one or a new one after it.
   *
   * @throws IOException if it may have been written in part; the queue is to be given up
   */
  void append(int cycle, int bytes, Filler filler) throws IOException {
    roomKnown -= bytes;
    time.currentTimeMillis(cycle * CYCLE_MILLIS);
    try {
      if (appender == null) {
        appender = queue.createAppender();
        appender.singleThreadedCheckDisabled(true);
      }
      try (DocumentContext context = appender.writingDocument()) {
        Bytes<?> excerpt = context.wire().bytes();
        long start = excerpt.writePosition();
        filler.fill(memory(excerpt.addressForWrite(start), bytes));
        excerpt.writePosition(start + bytes);
      }
    } catch (InternalError | IORuntimeException e) {
      // Chronicle stores into mapped memory: a page that cannot be had is a SIGBUS, an
      // InternalError.
      throw new IOException("cannot append to " + directory + ": " + e.getMessage(), e);
    }
  }

  /**
   * Sees a full disk coming, which would otherwise show as a SIGBUS.
   *
   * @param bytes about to be appended
   * @throws DiskFullException if there is no room for them; nothing has been written
   */
  void requireRoom(long bytes) throws DiskFullException {
    if (roomKnown >= bytes) {
      return;
    }
    long needed = Math.max(bytes, CHECK_ROOM_EVERY_BYTES);
    if (directory.toFile().getUsableSpace() < needed + SPARE_BYTES) {
      throw new DiskFullException("disk full: " + directory, null);
    }
    roomKnown = needed;
  }

  ExcerptTailer tailer() {
    ExcerptTailer tailer = queue.createTailer();
    tailer.singleThreadedCheckDisabled(true);
    return tailer;
  }

  static long index(int cycle, long sequence) {
    return CYCLES.toIndex(cycle, sequence);
  }

  /** The bytes of native memory from an address on, where they lie. */
  static ByteBuffer memory(long address, int bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes).asByteBuffer();
  }

  @Override
  public void close() {
    queue.close();
  }
}
