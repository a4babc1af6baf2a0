package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes of slots and batch headers, against the tables of the package's description. */
class SegmentFormatTest {
  private static final long GROUP = 0x1112131415161718L;
  private static final long NUMBER = 0x2122232425262728L;
  private static final long SALT = 0x3132333435363738L;
  private static final LogPosition POSITION =
      new LogPosition(
          0x4142434445464748L,
          new Epoch(0x51525354, 0x55565758, 0x595a5b5c),
          new Chain(0x6162636465666768L, 0x696a6b6c6d6e6f70L));

  /** Where something is laid out in a buffer, so that it is seen to go by no other position. */
  private static final int AT = 24;

  private static SegmentSlot slot(SegmentSlot.State state) {
    SegmentSlot.Identity identity = new SegmentSlot.Identity(NUMBER, SALT, true);
    return new SegmentSlot(state, identity, GROUP, 0x01020304, POSITION, 0x7172737475767778L);
  }

  private static BatchHeader batch() {
    return new BatchHeader(true, 3, NUMBER, SALT, POSITION, 0x0d0c0b0a, 0x7172737475767778L);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(AT + bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer encoded(SegmentSlot slot) {
    ByteBuffer bytes = buffer(SegmentSlot.BYTES);
    slot.encode(bytes, AT);
    return bytes;
  }

  private static ByteBuffer encoded(BatchHeader header) {
    ByteBuffer bytes = buffer(BatchHeader.BYTES);
    header.encode(bytes, AT);
    return bytes;
  }

  private static String hex(ByteBuffer bytes) {
    return HexFormat.of().formatHex(bytes.array(), AT, bytes.limit());
  }

  @Test
  void aSlotIsLaidOutAsDocumented() {
    assertEquals(
        "b2587ef2"
            + "46535347" // FSSG
            + "01" // version
            + "03" // in service
            + "01" // a restart
            + "00"
            + "04030201" // size of the file
            + "1817161514131211" // group
            + "2827262524232221" // number
            + "3837363534333231" // salt
            + "4847464544434241" // start
            + "5453525158575655" // epoch: counter, site
            + "5c5b5a59" // and restart
            + "00000000"
            + "6867666564636261" // chain, high
            + "706f6e6d6c6b6a69" // chain, low
            + "7877767574737271", // forced
        hex(encoded(slot(SegmentSlot.State.SERVING))));
  }

  @Test
  void aBatchHeaderIsLaidOutAsDocumented() {
    assertEquals(
        "4e254260"
            + "46534254" // FSBT
            + "01" // version
            + "01" // closed cleanly
            + "0000"
            + "03000000" // records
            + "2827262524232221" // number
            + "3837363534333231" // salt
            + "4847464544434241" // before
            + "7877767574737271" // forced
            + "5453525158575655" // epoch: counter, site
            + "5c5b5a59" // and restart
            + "0a0b0c0d" // bytes of the records
            + "6867666564636261" // chain, high
            + "706f6e6d6c6b6a69" // chain, low
            + "0000000000000000",
        hex(encoded(batch())));
  }

  @ParameterizedTest
  @EnumSource
  void aSlotComesBackAsItWas(SegmentSlot.State state) throws IOException {
    ByteBuffer bytes = encoded(slot(state));
    assertEquals(state.ordinal() + 1, bytes.get(AT + 9));
    assertEquals(Optional.of(slot(state)), SegmentSlot.decode(bytes, AT));
  }

  @Test
  void aBatchHeaderComesBackAsItWas() {
    assertEquals(Optional.of(batch()), BatchHeader.decode(encoded(batch()), AT));
  }

  @Test
  void noTruncationIsTakenForASlotOrABatch() throws IOException {
    for (int length = 0; length < SegmentSlot.BYTES; length++) {
      ByteBuffer slot = encoded(slot(SegmentSlot.State.SERVING)).limit(AT + length);
      assertTrue(SegmentSlot.decode(slot, AT).isEmpty(), "a slot of " + length + " bytes");
      ByteBuffer batch = encoded(batch()).limit(AT + length);
      assertTrue(BatchHeader.decode(batch, AT).isEmpty(), "a batch header of " + length);
    }
  }

  @Test
  void noEndOfZerosIsTakenForASlotOrABatch() throws IOException {
    for (int length = 0; length < SegmentSlot.BYTES - Long.BYTES; length++) {
      ByteBuffer slot = encoded(slot(SegmentSlot.State.SERVING));
      ByteBuffer batch = encoded(batch());
      for (int i = length; i < SegmentSlot.BYTES; i++) {
        slot.put(AT + i, (byte) 0);
        batch.put(AT + i, (byte) 0);
      }
      assertTrue(SegmentSlot.decode(slot, AT).isEmpty(), "a slot, zeros from " + length);
      assertTrue(BatchHeader.decode(batch, AT).isEmpty(), "a header, zeros from " + length);
    }
  }

  @Test
  void noFlippedBitIsTakenForASlotOrABatch() throws IOException {
    for (int bit = 0; bit < SegmentSlot.BYTES * 8; bit++) {
      int at = AT + bit / 8;
      ByteBuffer slot = encoded(slot(SegmentSlot.State.SERVING));
      slot.put(at, (byte) (slot.get(at) ^ 1 << bit % 8));
      assertTrue(SegmentSlot.decode(slot, AT).isEmpty(), "bit " + bit + " of a slot");
      ByteBuffer batch = encoded(batch());
      batch.put(at, (byte) (batch.get(at) ^ 1 << bit % 8));
      assertTrue(BatchHeader.decode(batch, AT).isEmpty(), "bit " + bit + " of a batch header");
    }
  }

  @Test
  void aSlotOfAnotherVersionIsRefusedRatherThanTakenForNone() {
    ByteBuffer bytes = encoded(slot(SegmentSlot.State.READY));
    bytes.put(AT + 8, (byte) 2);
    bytes.putInt(AT, Checksum.of(bytes, AT + 4, SegmentSlot.BYTES - 4));
    assertThrows(IOException.class, () -> SegmentSlot.decode(bytes, AT));
  }

  @Test
  void theStrongestStateOfASegmentIsBelieved() {
    SegmentSlot.State[] fromWeakest = {
      SegmentSlot.State.READY,
      SegmentSlot.State.SERVING,
      SegmentSlot.State.CONTINUED,
      SegmentSlot.State.SUCCEEDED,
      SegmentSlot.State.FREE
    };
    for (int weak = 0; weak < fromWeakest.length; weak++) {
      for (int strong = 0; strong < fromWeakest.length; strong++) {
        assertEquals(strong > weak, fromWeakest[strong].isStrongerThan(fromWeakest[weak]));
      }
    }
  }
}
