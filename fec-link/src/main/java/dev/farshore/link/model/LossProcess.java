package dev.farshore.link.model;

import java.util.SplittableRandom;

/**
 * Decides packet by packet what a {@link LossModel} loses. Draws exactly one number per packet from
 * its stream, whatever the model, so that a change of the model does not shift later draws of it.
 */
final class LossProcess {

  /** So many mean periods without a packet, and the process may as well begin anew. */
  private static final long FORGOTTEN_PERIODS = 1_000;

  private final SplittableRandom packets;
  private final SplittableRandom gaps;
  private boolean started;
  private boolean inBurst;
  private long outageStartNanos;
  private long outageEndNanos;

  LossProcess(SplittableRandom random) {
    packets = random.split();
    gaps = random.split();
  }

  /** The model is another one from now on: its states say nothing about the new one. */
  void restart() {
    started = false;
    inBurst = false;
  }

  /**
   * @param nowNanos when the packet is on the wire; never falls
   */
  boolean loses(LossModel model, long nowNanos) {
    double draw = packets.nextDouble();
    boolean lost =
        switch (model) {
          case LossModel.None none -> false;
          case LossModel.Independent independent -> draw < independent.probability();
          case LossModel.PacketBursts bursts -> step(bursts, draw);
          case LossModel.TwoStates states -> step(states, draw);
          case LossModel.Outages outages -> outages.share() > 0 && inOutage(outages, nowNanos);
        };
    started = true;
    return lost;
  }

  private boolean step(LossModel.PacketBursts model, double draw) {
    double leave = 1 / model.meanPackets();
    if (!started) {
      inBurst = draw < model.share();
    } else if (inBurst) {
      inBurst = draw >= leave;
    } else {
      inBurst = draw < leave * model.share() / (1 - model.share());
    }
    return inBurst;
  }

  /** One draw decides both: where it lies within the part for its state is a draw of its own. */
  private boolean step(LossModel.TwoStates model, double draw) {
    double leave = 1 / model.meanBadPackets();
    double bad = model.badShare();
    if (started) {
      bad = inBurst ? 1 - leave : leave * model.badShare() / (1 - model.badShare());
    }
    inBurst = draw < bad;
    double within = inBurst ? draw / bad : (draw - bad) / (1 - bad);
    return within < (inBurst ? model.badLoss() : model.goodLoss());
  }

  private boolean inOutage(LossModel.Outages model, long nowNanos) {
    double meanGapNanos = model.lengthNanos() * (1 - model.share()) / model.share();
    double forgottenNanos = FORGOTTEN_PERIODS * (meanGapNanos + model.lengthNanos());
    if (!started || nowNanos - outageEndNanos > forgottenNanos) {
      begin(model, meanGapNanos, nowNanos);
    }
    while (nowNanos - outageEndNanos >= 0) {
      outageStartNanos = outageEndNanos + gapNanos(model, meanGapNanos);
      outageEndNanos = outageStartNanos + model.lengthNanos();
    }
    return nowNanos - outageStartNanos >= 0;
  }

  /** As one finds it who looks at a process that has always been running. */
  private void begin(LossModel.Outages model, double meanGapNanos, long nowNanos) {
    if (gaps.nextDouble() < model.share()) {
      outageStartNanos = nowNanos - gaps.nextLong(model.lengthNanos());
    } else {
      outageStartNanos = nowNanos + 1 + (long) (gaps.nextDouble() * gapNanos(model, meanGapNanos));
    }
    outageEndNanos = outageStartNanos + model.lengthNanos();
  }

  private long gapNanos(LossModel.Outages model, double meanGapNanos) {
    double free = meanGapNanos - model.minimumGapNanos();
    return model.minimumGapNanos() + Math.round(-Math.log(1 - gaps.nextDouble()) * free);
  }
}
