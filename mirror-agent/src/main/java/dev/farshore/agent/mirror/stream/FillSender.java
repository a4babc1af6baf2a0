package dev.farshore.agent.mirror.stream;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.group.Extent;
import dev.farshore.log.group.ImageSource;
import dev.farshore.log.group.VolumeInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Sends the base images of a group, in order of volume and offset, holes left out. Reads one piece
 * while the one before it is on its way, so memory is two pieces. Owned by the group's thread.
 */
public final class FillSender {
  private static final int PIECE_BYTES = 256 << 10;
  private static final int EXTENTS_PER_CALL = 16;

  /**
   * What to send, and where to start.
   *
   * @param volume number of the volume to go on with; lower ones are done
   * @param offset place in it before which everything is done
   */
  public record Source(ImageSource images, int volume, long offset) {}

  /** How a read of one piece stands. */
  private enum ReadState {
    NONE,
    READING,
    READY
  }

  private final ImageSource images;
  private final List<VolumeInfo> volumes;
  private final FrameWriter frames;
  private final long totalBytes;
  private ByteBuffer reading = ByteBuffer.allocateDirect(PIECE_BYTES);
  private ByteBuffer sending = ByteBuffer.allocateDirect(PIECE_BYTES);
  private ReadState read = ReadState.NONE;
  private IOException failure;
  private int index;
  private long offset;
  private long pieceOffset;
  private long doneBytes;
  private boolean announced;

  FillSender(Source source, FrameWriter frames) {
    this.images = source.images();
    this.frames = frames;
    this.volumes = images.volumes();
    this.totalBytes = volumes.stream().mapToLong(VolumeInfo::sizeBytes).sum();
    while (index < volumes.size() && volumes.get(index).volume() < source.volume()) {
      doneBytes += volumes.get(index).sizeBytes();
      index++;
    }
    if (index < volumes.size() && volumes.get(index).volume() == source.volume()) {
      offset = Math.min(source.offset(), volumes.get(index).sizeBytes());
      doneBytes += offset;
    }
  }

  /**
   * Begins at most one frame if none is under way.
   *
   * @return whether everything has been begun, the end frame included
   * @throws IOException if an image cannot be read
   */
  boolean poll() throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (read == ReadState.NONE) {
      submitRead();
    }
    if (!frames.idle() || read == ReadState.READING) {
      return false;
    }
    if (read == ReadState.READY) {
      send();
      return false;
    }
    if (index == volumes.size()) {
      frames.imageEnd();
      return true;
    }
    endVolume();
    return false;
  }

  /** Finds the next data at or after the offset and starts reading it. */
  private void submitRead() {
    while (index < volumes.size()) {
      VolumeInfo volume = volumes.get(index);
      if (offset == volume.sizeBytes()) {
        return;
      }
      List<Extent> extents =
          images.extents(volume.volume(), offset, volume.sizeBytes() - offset, EXTENTS_PER_CALL);
      for (Extent extent : extents) {
        if (extent.kind() == Extent.Kind.DATA) {
          readPiece(volume, (int) Math.min(PIECE_BYTES, extent.length()));
          return;
        }
        offset += extent.length();
        doneBytes += extent.length();
      }
    }
  }

  private void readPiece(VolumeInfo volume, int bytes) {
    reading.clear().limit(bytes);
    pieceOffset = offset;
    read = ReadState.READING;
    images.read(
        volume.volume(),
        offset,
        reading,
        new Completion() {
          @Override
          public void done() {
            read = ReadState.READY;
          }

          @Override
          public void failed(IOException cause) {
            failure = cause;
          }
        });
  }

  private void send() {
    ByteBuffer piece = reading;
    reading = sending;
    sending = piece;
    piece.rewind();
    offset = pieceOffset + piece.remaining();
    doneBytes += piece.remaining();
    frames.imageData(volumes.get(index).volume(), pieceOffset, piece);
    announced = false;
    read = ReadState.NONE;
  }

  private void endVolume() {
    VolumeInfo volume = volumes.get(index);
    if (!announced) {
      frames.imageAdvance(volume.volume(), volume.sizeBytes());
      announced = true;
    } else {
      index++;
      offset = 0;
      announced = false;
    }
  }

  public long doneBytes() {
    return doneBytes;
  }

  public long totalBytes() {
    return totalBytes;
  }
}
