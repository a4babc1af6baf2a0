package dev.farshore.emulab.testbed.live.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a client knows of its blocks: the highest version that was acknowledged, and the highest
 * that it has sent. One write of a block is under way at a time, so what a block may hold is every
 * version between the two. Shared by the client's two threads.
 */
public final class AckJournal {
  private final long seed;
  private final int blockBytes;
  private final long[] acknowledged;
  private final long[] sent;
  private long acknowledgedWrites;
  private boolean frozen;

  public AckJournal(long seed, int blocks, int blockBytes) {
    this.seed = seed;
    this.blockBytes = blockBytes;
    this.acknowledged = new long[blocks];
    this.sent = new long[blocks];
  }

  int blocks() {
    return sent.length;
  }

  int blockBytes() {
    return blockBytes;
  }

  /** The bytes of the next version of a block that has no write under way; empty if it has one. */
  synchronized byte[] nextVersion(int block) {
    if (sent[block] != acknowledged[block]) {
      return new byte[0];
    }
    sent[block]++;
    return SelfNamingBlock.bytes(seed, block, sent[block], blockBytes);
  }

  /** The server's site dies now: what it answers from here on is not held against its mirror. */
  public synchronized void freeze() {
    frozen = true;
  }

  synchronized void acknowledge(int block) {
    if (frozen) {
      return;
    }
    acknowledged[block] = sent[block];
    acknowledgedWrites++;
  }

  public synchronized long acknowledgedWrites() {
    return acknowledgedWrites;
  }

  /**
   * Reads every block that was written.
   *
   * @return one line for each block that does not hold what the client may expect
   */
  public List<String> verify(NbdConnection connection) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (int block = 0; block < sent.length; block++) {
      if (sent[block] == 0) {
        continue;
      }
      byte[] bytes = connection.read((long) block * blockBytes, blockBytes);
      OptionalLong version = SelfNamingBlock.version(seed, block, bytes);
      if (version.isEmpty()) {
        wrong.add("block " + block + " holds what nobody wrote");
      } else if (version.getAsLong() < acknowledged[block]) {
        wrong.add(
            "block "
                + block
                + " holds version "
                + version.getAsLong()
                + ", version "
                + acknowledged[block]
                + " was acknowledged");
      } else if (version.getAsLong() > sent[block]) {
        wrong.add("block " + block + " holds version " + version.getAsLong() + " of the future");
      }
    }
    return wrong;
  }

  public synchronized void save(Path file) throws IOException {
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
      out.println(seed + " " + sent.length + " " + blockBytes);
      for (int block = 0; block < sent.length; block++) {
        if (sent[block] > 0) {
          out.println(block + " " + acknowledged[block] + " " + sent[block]);
        }
      }
      if (out.checkError()) {
        throw new IOException("could not write " + file);
      }
    }
  }

  public static AckJournal load(Path file) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      String[] head = in.readLine().split(" ");
      AckJournal journal =
          new AckJournal(
              Long.parseLong(head[0]), Integer.parseInt(head[1]), Integer.parseInt(head[2]));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] fields = line.split(" ");
        int block = Integer.parseInt(fields[0]);
        journal.acknowledged[block] = Long.parseLong(fields[1]);
        journal.sent[block] = Long.parseLong(fields[2]);
      }
      return journal;
    }
  }
}
