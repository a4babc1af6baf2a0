package dev.farshore.link.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.port.DatagramPort.SendOutcome;
import dev.farshore.link.port.Owner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SortingUdpPortTest extends EpollPortContract {
  private static final int[] SIZES = {986, 1_000, 1_000, 986, 40, 500};

  @Override
  UdpSettings settings(int maxDatagramBytes) {
    return new UdpSettings(
        maxDatagramBytes, 1 << 20, 1 << 20, UdpSettings.Segmentation.SORTED_RUNS);
  }

  /** Sizes of data and repair packets, and others, in any order and to two receivers. */
  @Test
  void deliversEveryDatagramWholeWhateverSizesTakeTurns() {
    long seed = 77;
    SplittableRandom random = new SplittableRandom(seed);
    try (Owner owner = owner()) {
      DatagramPort from = owner.call(() -> open(owner, 1_400));
      List<List<ByteBuffer>> arrived = new ArrayList<>();
      List<List<ByteBuffer>> sent = new ArrayList<>();
      List<DatagramPort> receivers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        List<ByteBuffer> here = new ArrayList<>();
        arrived.add(here);
        sent.add(new ArrayList<>());
        receivers.add(owner.call(() -> open(owner, 1_400)));
        DatagramPort receiver = receivers.get(i);
        owner.run(
            () ->
                receiver.handler(
                    (peer, datagram) ->
                        here.add(ByteBuffer.allocate(datagram.remaining()).put(datagram).flip())));
      }
      for (int batch = 0; batch < 40; batch++) {
        owner.run(
            () -> {
              for (int i = 0; i < 20; i++) {
                int to = random.nextInt(8) == 0 ? 1 : 0;
                byte[] bytes = new byte[SIZES[random.nextInt(SIZES.length)]];
                random.nextBytes(bytes);
                ByteBuffer datagram = ByteBuffer.wrap(bytes);
                sent.get(to).add(datagram);
                assertEquals(
                    SendOutcome.SENT, from.send(receivers.get(to).localAddress(), datagram));
              }
              from.flush();
            });
        for (int i = 0; i < 2; i++) {
          int receiver = i;
          int count = sent.get(i).size();
          owner.until(count + " datagrams", () -> arrived.get(receiver).size() >= count);
        }
      }
      for (int i = 0; i < 2; i++) {
        assertEquals(sorted(sent.get(i)), sorted(arrived.get(i)), "seed " + seed);
      }
      receivers.forEach(receiver -> owner.run(receiver::close));
      owner.run(from::close);
    }
  }

  private static List<ByteBuffer> sorted(List<ByteBuffer> datagrams) {
    return datagrams.stream().sorted().toList();
  }
}
