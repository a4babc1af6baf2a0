package dev.farshore.link.model;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One direction of a wide-area path: answers for each packet when, how often and how damaged it
 * arrives. It carries no bytes and has no clock: a pure function of its seed and of what it was
 * asked. Same seed, same questions, same answers.
 *
 * <p>Loss, jitter, reordering, duplication and corruption draw from streams of their own: switching
 * jitter, reordering, duplication or corruption on leaves which packets are lost as it was.
 *
 * <p>Everything may be changed while it runs. A change concerns packets that are offered after it;
 * what is queued or in flight arrives as already answered, and a shorter delay therefore lets later
 * packets overtake earlier ones, as a route change does.
 *
 * <p>Owned by one thread.
 */
public final class LinkModel {

  private static final int MAX_PARTITIONS = 1024;
  private static final long NANO_BITS_PER_BYTE = 8_000_000_000L;
  private static final int MAX_ARRIVALS = 2;

  private record Window(long fromNanos, long untilNanos) {}

  private final LossProcess lossProcess;
  private final Wander wander;
  private final SplittableRandom reorderings;
  private final SplittableRandom duplicates;
  private final SplittableRandom corruptions;
  private final Tally tally = new Tally();
  private final ArrayDeque<Window> partitions = new ArrayDeque<>();

  private LinkConditions conditions;
  private boolean entranceOpen = true;
  private boolean asked;
  private long lastOfferNanos;
  private long freeNanos;

  /** What of a nanosecond {@link #freeNanos} lacks, in units of one over the rate. */
  private long freeRemainder;

  /** The answer to the last {@link #admit}: when, and how damaged, the packet and its copy come. */
  private final long[] arrivalNanos = new long[MAX_ARRIVALS];

  private final Damage[] arrivalDamage = new Damage[MAX_ARRIVALS];

  public LinkModel(LinkConditions conditions, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    this.conditions = conditions;
    lossProcess = new LossProcess(random.split());
    wander = new Wander(random.nextLong());
    reorderings = random.split();
    duplicates = random.split();
    corruptions = random.split();
  }

  /**
   * A packet comes to the entrance.
   *
   * @param payloadBytes its payload
   * @param nowNanos when; never less than in the call before
   * @return when it arrives: never (empty), once, or twice
   */
  public List<Arrival> offer(int payloadBytes, long nowNanos) {
    return switch (admit(payloadBytes, nowNanos)) {
      case 0 -> List.of();
      case 1 -> List.of(arrival(0));
      default -> List.of(arrival(0), arrival(1));
    };
  }

  private Arrival arrival(int which) {
    return new Arrival(arrivalNanos[which], arrivalDamage[which]);
  }

  /**
   * The same as {@link #offer}, for those who cannot make objects for each packet: {@link
   * #arrivalNanos} and {@link #arrivalDamage} tell the rest, until the next call.
   *
   * @return how often it arrives: 0, 1 or 2 times
   */
  int admit(int payloadBytes, long nowNanos) {
    if (asked && nowNanos - lastOfferNanos < 0) {
      throw new IllegalArgumentException(
          "Time went back from " + lastOfferNanos + " to " + nowNanos);
    }
    if (!asked) {
      freeNanos = nowNanos;
    }
    asked = true;
    lastOfferNanos = nowNanos;
    tally.offered(payloadBytes);
    if (!entranceOpen) {
      return dropped(DropReason.ENTRANCE_CLOSED, payloadBytes);
    }
    if (isPartitioned(nowNanos)) {
      return dropped(DropReason.PARTITION, payloadBytes);
    }
    if (!hasRoom(payloadBytes, nowNanos)) {
      return dropped(DropReason.QUEUE_FULL, payloadBytes);
    }
    long departureNanos = pass(payloadBytes, nowNanos);
    if (lossProcess.loses(conditions.loss(), departureNanos)) {
      return dropped(DropReason.LOSS, payloadBytes);
    }
    tally.passed(payloadBytes);
    return arrivals(payloadBytes, departureNanos);
  }

  /**
   * @param which of the arrivals of the packet that was admitted last
   */
  long arrivalNanos(int which) {
    return arrivalNanos[which];
  }

  Damage arrivalDamage(int which) {
    return arrivalDamage[which];
  }

  public LinkConditions conditions() {
    return conditions;
  }

  public void change(LinkConditions other) {
    if (!other.loss().equals(conditions.loss())) {
      lossProcess.restart();
    }
    if (!other.bottleneck().equals(conditions.bottleneck())) {
      freeRemainder = 0;
    }
    conditions = other;
  }

  /** Nothing new enters; what is queued or in flight still arrives. */
  public void closeEntrance() {
    entranceOpen = false;
  }

  public void openEntrance() {
    entranceOpen = true;
  }

  public boolean isEntranceOpen() {
    return entranceOpen;
  }

  /**
   * Loses everything that is offered from {@code fromNanos} until just before {@code untilNanos};
   * {@code Long.MAX_VALUE} for an end that is not known yet.
   */
  public void partition(long fromNanos, long untilNanos) {
    if (untilNanos <= fromNanos) {
      throw new IllegalArgumentException("Partition from " + fromNanos + " to " + untilNanos);
    }
    if (partitions.size() == MAX_PARTITIONS) {
      throw new IllegalStateException("More than " + MAX_PARTITIONS + " partitions to come");
    }
    partitions.add(new Window(fromNanos, untilNanos));
  }

  /** Ends every partition, also those to come. */
  public void heal() {
    partitions.clear();
  }

  /** Whether a packet offered at {@code nowNanos} would be lost to a partition. */
  public boolean isPartitioned(long nowNanos) {
    boolean partitioned = false;
    for (Iterator<Window> windows = partitions.iterator(); windows.hasNext(); ) {
      Window window = windows.next();
      if (window.untilNanos() <= nowNanos) {
        windows.remove();
      } else if (window.fromNanos() <= nowNanos) {
        partitioned = true;
      }
    }
    return partitioned;
  }

  /** How long a packet offered at {@code nowNanos} would wait before its first bit leaves. */
  public long backlogNanos(long nowNanos) {
    return asked ? Math.max(0, freeNanos - nowNanos) : 0;
  }

  /**
   * Says that a packet that was to arrive does not, because its caller severed the path.
   *
   * @param payloadBytes of a packet that {@link #offer} answered with one or more arrivals, none of
   *     which has happened
   */
  public void severed(int payloadBytes) {
    tally.severed(payloadBytes);
  }

  public LinkCounters counters() {
    return tally.counters();
  }

  private int dropped(DropReason reason, int payloadBytes) {
    tally.dropped(reason, payloadBytes);
    return 0;
  }

  private boolean hasRoom(int payloadBytes, long nowNanos) {
    long waitNanos = backlogNanos(nowNanos);
    if (waitNanos == 0) {
      return true;
    }
    return switch (conditions.bottleneck()) {
      case Bottleneck.None none -> true;
      case Bottleneck.DropTail tail ->
          switch (tail.queue()) {
            case QueueLimit.Time time -> waitNanos <= time.nanos();
            case QueueLimit.Bytes limit -> {
              double waiting = (double) waitNanos * tail.bitsPerSecond() / NANO_BITS_PER_BYTE;
              yield waiting + payloadBytes + tail.headerBytes() <= limit.bytes();
            }
          };
    };
  }

  /** Sends a packet through the bottleneck; returns when its last bit has left. */
  private long pass(int payloadBytes, long nowNanos) {
    if (nowNanos - freeNanos >= 0) {
      freeNanos = nowNanos;
      freeRemainder = 0;
    }
    if (conditions.bottleneck() instanceof Bottleneck.DropTail tail) {
      long bits = (payloadBytes + tail.headerBytes()) * NANO_BITS_PER_BYTE + freeRemainder;
      freeNanos += bits / tail.bitsPerSecond();
      freeRemainder = bits % tail.bitsPerSecond();
    }
    return freeNanos;
  }

  private int arrivals(int payloadBytes, long departureNanos) {
    long atNanos =
        departureNanos
            + conditions.delayNanos()
            + wander.extraNanos(conditions.jitterNanos(), departureNanos);
    Reordering reordering = conditions.reordering();
    if (reorderings.nextDouble() < reordering.probability()) {
      atNanos += 1 + reorderings.nextLong(reordering.holdNanos());
      tally.heldBack();
    }
    arrivalNanos[0] = atNanos;
    arrivalDamage[0] = damage(payloadBytes);
    if (duplicates.nextDouble() >= conditions.duplicate()) {
      return 1;
    }
    tally.duplicated();
    arrivalNanos[1] = atNanos + duplicates.nextLong(reordering.holdNanos() + 1);
    arrivalDamage[1] = damage(payloadBytes);
    return MAX_ARRIVALS;
  }

  /** Mostly one bit, as a worn line does it; sometimes noise; seldom a missing end. */
  private Damage damage(int payloadBytes) {
    if (corruptions.nextDouble() >= conditions.corrupt() || payloadBytes == 0) {
      return Damage.NONE;
    }
    tally.corrupted();
    int kind = corruptions.nextInt(10);
    if (kind < 7) {
      return new Damage.FlippedBit(corruptions.nextInt(payloadBytes * Byte.SIZE));
    }
    if (kind < 9) {
      int first = corruptions.nextInt(payloadBytes);
      int bytes = 1 + corruptions.nextInt(payloadBytes - first);
      return new Damage.Garbled(first, bytes, corruptions.nextLong() | 1);
    }
    return new Damage.Truncated(corruptions.nextInt(payloadBytes));
  }
}
