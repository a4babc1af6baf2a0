package dev.farshore.link.packet;

import java.nio.ByteBuffer;
import java.util.List;

/** What a {@link PacketReader} makes of a datagram. {@code number} is the packet number. */
public sealed interface Packet {

  /**
   * @param payload a view of the datagram, position to limit; valid as long as the datagram
   */
  record Data(long number, long sequence, long streamOffset, int sentMicros, ByteBuffer payload)
      implements Packet {}

  /**
   * @param index which of the group's repairs this is
   * @param coveredSequence all repairs of the data packets below it left before this packet
   * @param symbol a view of the datagram, position to limit; valid as long as the datagram
   */
  record Repair(long number, Recipe recipe, int index, long coveredSequence, ByteBuffer symbol)
      implements Packet {}

  /**
   * @param nextSequence all data packets below it have arrived
   * @param windowEdge stream offset up to which the receiver has room
   * @param received the user's report
   * @param mirrored the user's report
   * @param largestNumber largest packet number that arrived
   * @param echoMicros time of sending that the echoed packet carried
   * @param holdMicros time since the echoed packet arrived
   * @param arrival what the receiver counted
   * @param ranges data packets at or beyond {@code nextSequence} that have arrived
   */
  record Ack(
      long number,
      long nextSequence,
      long windowEdge,
      long received,
      long mirrored,
      long largestNumber,
      int echoMicros,
      int holdMicros,
      ArrivalCounts arrival,
      List<SequenceRange> ranges)
      implements Packet {}

  /**
   * @param largestNumber largest packet number that had arrived
   * @param ranges data packets to send again
   */
  record Nak(long number, long nextSequence, long largestNumber, List<SequenceRange> ranges)
      implements Packet {}

  /**
   * @param nextSequence how many data packets have been sent
   * @param coveredSequence as in {@link Repair}
   */
  record Ping(long number, long nextSequence, long coveredSequence, int sentMicros)
      implements Packet {}

  /**
   * @param nextSequence how many data packets were sent in all
   * @param streamEnd length of the stream
   */
  record Close(long number, long nextSequence, long streamEnd) implements Packet {}

  /** A datagram that is no packet of this session. */
  record Rejected(Rejection reason) implements Packet {}

  /** Why a datagram is no packet of this session. */
  enum Rejection {
    LENGTH,
    VERSION,
    OTHER_SESSION,
    TAG,
    BODY
  }
}
