/**
 * A wide-area path as a model, and a whole network of such paths in virtual time.
 *
 * <pre>
 *   offer ─▶ entrance ─▶ partition? ─▶ drop-tail queue, rate ─▶ loss ─▶ delay, jitter ─▶ hold back?
 *            closed?                                                    ─▶ twice? ─▶ damaged? ─▶ arrivals
 * </pre>
 *
 * {@link dev.farshore.link.model.LinkModel} is one direction of a path; the simulator, the emulator
 * and the experiments all use it, so that their results speak of the same network.
 */
package dev.farshore.link.model;
