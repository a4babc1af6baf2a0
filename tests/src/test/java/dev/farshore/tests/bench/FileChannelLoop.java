package dev.farshore.tests.bench;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The reference: a loop that writes the bare bytes of each record to the end of one file. No
 * header, no checksum, no recovery.
 */
final class FileChannelLoop implements Contender {
  private final Path path;
  private final long preallocatedBytes;
  private final ByteBuffer record;
  private FileChannel channel;
  private long position;

  /**
   * @param preallocatedBytes how much of the file is filled with zeros and forced beforehand; 0 for
   *     a file that grows as it is written
   */
  FileChannelLoop(Path path, int recordBytes, long preallocatedBytes) throws IOException {
    this.path = path;
    this.preallocatedBytes = preallocatedBytes;
    this.record = Payload.of(recordBytes);
    begin();
  }

  private void begin() throws IOException {
    channel = FileChannel.open(path, CREATE_NEW, READ, WRITE);
    position = 0;
    ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
    for (long at = 0; at < preallocatedBytes; at += zeros.capacity()) {
      channel.write(zeros.clear(), at);
    }
    channel.force(true);
  }

  @Override
  public String name() {
    return preallocatedBytes > 0 ? "FileChannel, preallocated" : "FileChannel, growing";
  }

  @Override
  public void append(int records, int perTurn) throws IOException {
    for (int i = 0; i < records; i++) {
      ByteBuffer source = record.duplicate();
      while (source.hasRemaining()) {
        position += channel.write(source, position);
      }
    }
  }

  @Override
  public void groupCommit(int writers, int turns) throws IOException {
    for (int turn = 0; turn < turns; turn++) {
      append(writers, 1);
      channel.force(false);
    }
  }

  @Override
  public void settle() throws IOException {
    channel.force(true);
    if (preallocatedBytes > 0) {
      position = 0;
      return;
    }
    close();
    begin();
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.delete(path);
  }
}
