/**
 * What two sites say to each other on a group's control channel.
 *
 * <p>The leading site connects and speaks first; one channel serves one group. Every message is one
 * {@link dev.farshore.link.port.ControlPort} message, big-endian:
 *
 * <pre>
 *   offset size
 *   0      1    version, 3
 *   1      1    type, {@link dev.farshore.agent.mirror.control.MessageType}
 *   2      …    the fields of the type, in the order of its record
 *
 *   int, long        4, 8 bytes
 *   text             2 bytes length, UTF-8
 *   bytes            4 bytes length, bytes
 *   epoch            4 counter, 4 site, 4 restart
 *   position         8 lsn, epoch, 16 chain
 *   optional         1 byte, 0 or 1, then the value if 1
 *   list             4 bytes count, elements
 * </pre>
 *
 * <p>A message that is cut, too long or of an unknown version or type closes the channel.
 *
 * <pre>
 *   leader                                follower
 *   Hello ───────────────────────────────▶
 *         ◀─────────────────────────────── Welcome | Refused
 *   AskChain ────────────────────────────▶          (until the last common LSN is known)
 *         ◀─────────────────────────────── ChainIs
 *   PullTail ────────────────────────────▶          (the follower is ahead; once a portion)
 *         ◀──────────────── TailBytes…, TailEnd
 *   CutTo ───────────────────────────────▶          (the follower has a divergent tail)
 *         ◀─────────────────────────────── CutDone | CutRefused
 *   BeginFill ───────────────────────────▶          (no common LSN that the leader still holds)
 *         ◀─────────────────────────────── FillFrom … Filled
 *   BeginStream ─────────────────────────▶
 *         ◀─────────────────────────────── Ready     (records flow on the link)
 *         ◀─────────────────────────────── MirrorProgress
 *   PrimaryProgress, Ping ───────────────▶
 *         ◀─────────────────────────────── Pong, StreamBroken
 *         ◀─────────────────────────────── SwitchoverRequest
 *   SwitchoverDone | SwitchoverFailed ───▶
 * </pre>
 *
 * <p>After the welcome either side may ask for records that its disk has lost, in any state but
 * while a longer tail is taken back:
 *
 * <pre>
 *   PullTail ────────────────────────────▶  or the other way round
 *         ◀──────────────── TailBytes…, TailEnd
 *         ◀─────────────────────────────── LogLost   (the follower's log cannot be joined without)
 * </pre>
 */
package dev.farshore.agent.mirror.control;
