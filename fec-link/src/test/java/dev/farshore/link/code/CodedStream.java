package dev.farshore.link.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.farshore.link.packet.Recipe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Encoders and decoder with a plain store between them, and without sessions: packets and repairs
 * in the order in which they would be sent, each of which a test may lose.
 */
final class CodedStream {

  /** A datagram: a data packet, or a repair. */
  sealed interface Sent {}

  record SentData(long sequence) implements Sent {}

  record SentRepair(Recipe recipe, int index, byte[] symbol) implements Sent {}

  final List<Sent> sent = new ArrayList<>();
  final Store store = new Store();
  final PeelingDecoder decoder;
  private final int maxPayload;
  private final List<LayerEncoder> encoders = new ArrayList<>();
  private final IntUnaryOperator lengths;
  private long next;

  /**
   * @param lengths payload length of each packet
   */
  CodedStream(List<Layer> layers, int maxPayload, IntUnaryOperator lengths, int maxRepairs) {
    this.maxPayload = maxPayload;
    this.lengths = lengths;
    for (Layer layer : layers) {
      encoders.add(new LayerEncoder(layer, maxPayload));
    }
    this.decoder = new PeelingDecoder(store, maxPayload, 1 << 21, maxRepairs);
  }

  byte[] payload(long sequence) {
    byte[] payload = new byte[lengths.applyAsInt((int) sequence)];
    long x = sequence * 0x9e3779b97f4a7c15L + 1;
    for (int i = 0; i < payload.length; i++) {
      x ^= x << 13;
      x ^= x >>> 7;
      x ^= x << 17;
      payload[i] = (byte) x;
    }
    return payload;
  }

  static int offsetBits(long sequence) {
    return (int) (sequence * 77777);
  }

  void send(int packets) {
    Symbol.Checker checker = new Symbol.Checker();
    for (int i = 0; i < packets; i++) {
      long sequence = next++;
      sent.add(new SentData(sequence));
      byte[] bytes = new byte[maxPayload + 40];
      byte[] payload = payload(sequence);
      System.arraycopy(payload, 0, bytes, 40, payload.length);
      int check = checker.check(sequence, bytes, 40, payload.length);
      for (LayerEncoder encoder : encoders) {
        CodingGroup group =
            encoder.add(sequence, offsetBits(sequence), check, bytes, 40, payload.length, sequence);
        if (group.isFull()) {
          emit(encoder, group);
        }
      }
    }
  }

  void closeAll() {
    for (LayerEncoder encoder : encoders) {
      while (encoder.hasOpen()) {
        CodingGroup group = encoder.open().iterator().next();
        encoder.close(group);
        emit(encoder, group);
      }
    }
  }

  private void emit(LayerEncoder encoder, CodingGroup group) {
    for (int i = 0; i < group.recipe().repairs(); i++) {
      byte[] symbol = new byte[group.symbolBytes()];
      System.arraycopy(group.repair(i), 0, symbol, 0, symbol.length);
      sent.add(new SentRepair(group.recipe(), i, symbol));
    }
    encoder.release(group);
  }

  void receive(Sent datagram) {
    switch (datagram) {
      case SentData data -> {
        if (store.packets.putIfAbsent(data.sequence(), payload(data.sequence())) == null) {
          decoder.onArrival(data.sequence());
        }
      }
      case SentRepair repair ->
          decoder.onRepair(repair.recipe(), repair.index(), ByteBuffer.wrap(repair.symbol()));
    }
  }

  /** Every packet that is here has its own bytes. */
  void assertNothingWrong() {
    store.packets.forEach(
        (sequence, payload) -> assertArrayEquals(payload(sequence), payload, "packet " + sequence));
  }

  static final class Store implements MemberStore {
    final Map<Long, byte[]> packets = new HashMap<>();
    private final Symbol.Checker checker = new Symbol.Checker();
    long refusedRestores;

    @Override
    public Presence presence(long sequence) {
      return packets.containsKey(sequence) ? Presence.HERE : Presence.MISSING;
    }

    @Override
    public int symbolBytes(long sequence) {
      return Symbol.HEADER_BYTES + packets.get(sequence).length;
    }

    private int check(long sequence, byte[] payload) {
      return checker.check(sequence, payload, 0, payload.length);
    }

    @Override
    public void xorSymbol(long sequence, byte[] target) {
      byte[] payload = packets.get(sequence);
      Symbol.xorHeader(target, payload.length, offsetBits(sequence), check(sequence, payload));
      Symbol.xor(target, Symbol.HEADER_BYTES, payload, 0, payload.length);
    }

    @Override
    public void copySymbol(long sequence, byte[] target) {
      byte[] payload = packets.get(sequence);
      Symbol.putHeader(target, payload.length, offsetBits(sequence), check(sequence, payload));
      System.arraycopy(payload, 0, target, Symbol.HEADER_BYTES, payload.length);
    }

    @Override
    public boolean restore(long sequence, byte[] symbol, int length) {
      int payloadLength = Symbol.length(symbol);
      if (!Symbol.isWellFormed(symbol, length)
          || checker.check(sequence, symbol, Symbol.HEADER_BYTES, payloadLength)
              != Symbol.check(symbol)
          || Symbol.offsetBits(symbol) != offsetBits(sequence)) {
        refusedRestores++;
        return false;
      }
      byte[] payload = new byte[payloadLength];
      System.arraycopy(symbol, Symbol.HEADER_BYTES, payload, 0, payloadLength);
      packets.put(sequence, payload);
      return true;
    }
  }
}
