package dev.farshore.link.model;

/** Why a packet did not arrive. */
public enum DropReason {
  /** The entrance was closed: nothing new enters. */
  ENTRANCE_CLOSED,
  /** It was offered while the path was partitioned. */
  PARTITION,
  /** The queue before the bottleneck was full. */
  QUEUE_FULL,
  /** Lost on the wire, by the {@link LossModel}. */
  LOSS,
  /** It was on its way when the path was severed. */
  SEVERED
}
