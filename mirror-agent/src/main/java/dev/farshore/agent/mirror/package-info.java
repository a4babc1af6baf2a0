/**
 * What keeps two sites equal: one {@link dev.farshore.agent.mirror.GroupNode} for each group at
 * each site, as a step function over the ports of disk and network.
 *
 * <pre>
 *   PRIMARY                                                        MIRROR
 *   store ──cursor──▶ MirrorSender ──frames──▶ LinkSender ═══▶ LinkReceiver ──frames──▶ MirrorReceiver ──▶ store
 *     ▲                  │ sent, covered                                                    │ received, forced
 *     │                  ▼                                                                  ▼
 *   AckGate ◀── Protection ◀── Watermarks ◀──────────── report in every ack ◀══════════ LinkReceiver
 *
 *   MirrorPeer ◀══ control channel: who leads, where do the logs agree, fill, switchover ══▶ Mirror
 * </pre>
 *
 * <p>Everything in this package belongs to the group's one thread. Blocking calls are made only at
 * start, at a change of role and when a divergent tail is cut, where nothing else may happen.
 */
package dev.farshore.agent.mirror;
