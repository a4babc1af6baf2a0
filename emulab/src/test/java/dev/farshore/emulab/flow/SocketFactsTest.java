package dev.farshore.emulab.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SocketFactsTest {
  private static final String BBR =
      """
      0 4194304 10.99.0.1:43210 10.99.0.2:4702
      \t bbr wscale:11,11 rto:304 rtt:100.213/0.109 mss:1448 pmtu:1500 cwnd:1234 ssthresh:900\
       bytes_sent:7000 bytes_retrans:1448 bbr:(bw:95.4Mbps,mrtt:100.01,pacing_gain:1.25,cwnd_gain:2)\
       send 142Mbps pacing_rate 95Mbps delivered:4711 app_limited busy:5000ms\
       rwnd_limited:250ms(5.0%) unacked:824 retrans:0/1 minrtt:100.01
      """;

  @Test
  void numbersAreReadWithoutTheirUnits() {
    SocketFacts facts = SocketFacts.parse(BBR);
    assertEquals(OptionalDouble.of(1234), facts.number("cwnd"));
    assertEquals(OptionalDouble.of(100.213), facts.number("rtt"));
    assertEquals(OptionalDouble.of(5000), facts.number("busy"));
    assertEquals(OptionalDouble.of(250), facts.number("rwnd_limited"));
    assertEquals(OptionalDouble.empty(), facts.number("sndbuf_limited"));
    assertEquals(824, facts.segmentsInFlight());
  }

  @Test
  void theModelOfBbrHasItsUnit() {
    assertEquals(OptionalDouble.of(95.4e6), SocketFacts.parse(BBR).modelBitsPerSecond());
    String gigabit = BBR.replace("95.4Mbps", "1.05Gbps");
    assertEquals(OptionalDouble.of(1.05e9), SocketFacts.parse(gigabit).modelBitsPerSecond());
    SocketFacts cubic = SocketFacts.parse("0 0 a:1 b:2\n\t cubic cwnd:10 busy:4ms minrtt:0.008");
    assertEquals(OptionalDouble.empty(), cubic.modelBitsPerSecond());
    assertEquals(0, cubic.segmentsInFlight());
  }

  @Test
  void countersGrowFromNothingWhereTheyWereNotSaid() {
    SocketFacts early = SocketFacts.parse("0 0 a:1 b:2\n\t reno cwnd:10 busy:1000ms");
    SocketFacts late = SocketFacts.parse(BBR);
    assertEquals(4000, late.since(early, "busy"));
    assertEquals(250, late.since(early, "rwnd_limited"));
    assertEquals(0, late.since(early, "sndbuf_limited"));
  }

  @Test
  void lostAndSackedSegmentsAreNotInFlightAndRepeatedOnesAre() {
    SocketFacts facts =
        SocketFacts.parse("0 0 a:1 b:2\n\t reno unacked:40 retrans:3/17 lost:5 sacked:20 cwnd:18");
    assertEquals(18, facts.segmentsInFlight());
  }
}
