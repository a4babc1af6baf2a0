package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.farshore.appliance.export.MemoryExport;
import org.junit.jupiter.api.Test;

/** Section "Error values" and what the sections of the commands add to it. */
class RequestRulesTest {

  private static final long SIZE = 64L << 20;
  private static final Session MODERN = new Session(new MemoryExport("a", SIZE), true, true);
  private static final Session SIMPLE = new Session(new MemoryExport("a", SIZE), false, false);
  private static final Session READ_ONLY =
      new Session(new MemoryExport("a", SIZE, true), true, true);

  private static NbdError check(Session session, int flags, int type, long offset, long length) {
    return RequestRules.check(new Request(flags, type, 7, offset, length), session);
  }

  private static void expect(NbdError error, Session session, int type, long offset, long length) {
    assertEquals(
        error, check(session, 0, type, offset, length), type + " " + offset + " " + length);
  }

  @Test
  void allowsAnyRangeInsideTheExport() {
    for (int type : new int[] {CMD_READ, CMD_WRITE, CMD_TRIM, CMD_CACHE, CMD_WRITE_ZEROES}) {
      expect(NbdError.NONE, MODERN, type, 0, 1);
      expect(NbdError.NONE, MODERN, type, SIZE - 1, 1);
      expect(NbdError.NONE, MODERN, type, 12345, 67);
      expect(NbdError.NONE, MODERN, type, SIZE, 0);
      expect(NbdError.NONE, MODERN, type, 3, MAX_PAYLOAD_BYTES);
    }
    expect(NbdError.NONE, MODERN, CMD_BLOCK_STATUS, 0, SIZE);
    expect(NbdError.NONE, MODERN, CMD_TRIM, 0, SIZE);
    expect(NbdError.NONE, MODERN, CMD_WRITE_ZEROES, 0, SIZE);
    expect(NbdError.NONE, MODERN, CMD_CACHE, 0, SIZE);
  }

  @Test
  void tellsReadersEinvalAndWritersEnospcBeyondTheEnd() {
    long[][] outside = {
      {SIZE, 1},
      {SIZE - 1, 2},
      {0, SIZE + 1},
      {SIZE + 1, 0},
      {Long.MAX_VALUE, 1},
      {Long.MIN_VALUE, 1},
      {-1, 1},
      {-512, 512},
      {-512, 0xffff_ffffL},
      {SIZE - 1, 0xffff_ffffL}
    };
    for (long[] range : outside) {
      expect(NbdError.EINVAL, MODERN, CMD_READ, range[0], range[1]);
      expect(NbdError.EINVAL, MODERN, CMD_TRIM, range[0], range[1]);
      expect(NbdError.EINVAL, MODERN, CMD_CACHE, range[0], range[1]);
      expect(NbdError.EINVAL, MODERN, CMD_BLOCK_STATUS, range[0], range[1]);
      expect(NbdError.ENOSPC, MODERN, CMD_WRITE_ZEROES, range[0], range[1]);
      if (range[1] <= MAX_PAYLOAD_BYTES) {
        expect(NbdError.ENOSPC, MODERN, CMD_WRITE, range[0], range[1]);
      }
    }
  }

  @Test
  void tellsWritersToReadOnlyExportsEperm() {
    for (int type : new int[] {CMD_WRITE, CMD_TRIM, CMD_WRITE_ZEROES}) {
      expect(NbdError.EPERM, READ_ONLY, type, 0, 512);
      expect(NbdError.EPERM, READ_ONLY, type, SIZE, 512);
    }
    expect(NbdError.NONE, READ_ONLY, CMD_READ, 0, 512);
    expect(NbdError.NONE, READ_ONLY, CMD_FLUSH, 0, 0);
  }

  @Test
  void refusesPayloadsAboveTheMaximum() {
    expect(NbdError.EOVERFLOW, MODERN, CMD_READ, 0, MAX_PAYLOAD_BYTES + 1);
    expect(NbdError.EINVAL, SIMPLE, CMD_READ, 0, MAX_PAYLOAD_BYTES + 1);
    expect(NbdError.EINVAL, MODERN, CMD_WRITE, 0, MAX_PAYLOAD_BYTES + 1);
    expect(NbdError.EINVAL, MODERN, CMD_WRITE, 0, 0xffff_ffffL);
  }

  @Test
  void refusesFlagsThatTheCommandDoesNotHave() {
    int[][] allowed = {
      {CMD_READ, CMD_FLAG_FUA | CMD_FLAG_DF},
      {CMD_WRITE, CMD_FLAG_FUA},
      {CMD_FLUSH, CMD_FLAG_FUA},
      {CMD_TRIM, CMD_FLAG_FUA},
      {CMD_CACHE, CMD_FLAG_FUA},
      {CMD_WRITE_ZEROES, CMD_FLAG_FUA | CMD_FLAG_NO_HOLE | CMD_FLAG_FAST_ZERO},
      {CMD_BLOCK_STATUS, CMD_FLAG_FUA | CMD_FLAG_REQ_ONE}
    };
    for (int[] each : allowed) {
      long length = each[0] == CMD_FLUSH ? 0 : 512;
      for (int bit = 0; bit < 16; bit++) {
        NbdError expected = (each[1] & 1 << bit) != 0 ? NbdError.NONE : NbdError.EINVAL;
        String what = "command " + each[0] + " flag bit " + bit;
        assertEquals(expected, check(MODERN, 1 << bit, each[0], 0, length), what);
      }
      assertEquals(NbdError.NONE, check(MODERN, each[1], each[0], 0, length));
    }
    assertEquals(NbdError.EINVAL, check(SIMPLE, CMD_FLAG_DF, CMD_READ, 0, 512));
  }

  @Test
  void refusesUnknownCommands() {
    for (int type = CMD_BLOCK_STATUS + 1; type < 0x10000; type += 13) {
      expect(NbdError.EINVAL, MODERN, type, 0, 0);
    }
  }

  @Test
  void refusesAFlushOfARange() {
    expect(NbdError.EINVAL, MODERN, CMD_FLUSH, 512, 0);
    expect(NbdError.EINVAL, MODERN, CMD_FLUSH, 0, 512);
  }

  @Test
  void refusesBlockStatusWithoutAContextAndOfNothing() {
    expect(NbdError.EINVAL, SIMPLE, CMD_BLOCK_STATUS, 0, 512);
    expect(NbdError.EINVAL, MODERN, CMD_BLOCK_STATUS, 0, 0);
  }
}
