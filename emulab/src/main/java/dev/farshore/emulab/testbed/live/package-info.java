/**
 * The live testbed: real agents, each a process in a network namespace of its own, joined by the
 * emulated WAN, or on a machine of its own, joined by a relay; real NBD writers on Unix sockets;
 * real disks.
 *
 * <pre>
 *   this process:   testers          TunWan             MirrorWatch: status of both, 40 times a second
 *                    │ NBD            │ wan0 … wan0       │ control sockets
 *   namespace west: mirror-agent ─────┘        └─────── mirror-agent :namespace east
 * </pre>
 *
 * <p>What is measured, and how:
 *
 * <ul>
 *   <li>client latency: by each tester, from before the request is handed to its socket until the
 *       reply has been read
 *   <li>goodput: payload of the requests whose replies came in the measured time
 *   <li>mirrored rate: records that the mirror's status calls forced, at the end of the measured
 *       time less at its beginning; every request is one record
 *   <li>mirroring latency: the status of both sites is read every 25 ms. Each time the log of the
 *       primary has grown, its newest record is a sample: from the middle between the reading that
 *       did not show it and the one that did, to the middle between the last reading of the mirror
 *       that did not have it forced and the first that had. So a sample is off by 25 ms at most
 *       either way, and on average by nothing. In a disaster, samples that were not forced by then
 *       are left out
 *   <li>the wire: datagrams offered and lost, by the emulated WAN, which sees IP packets, so TCP of
 *       the control connections too (a few a second); data, repair, resent and repaired packets
 *       from the primary's status
 *   <li>losses: after the promotion every request's blocks, which name themselves, are read back
 * </ul>
 *
 * <p>A site is lost in this order: nothing enters the link any more (or it is severed, with what is
 * in flight on it), then the primary is killed with {@code SIGKILL}. What the kernel still sends
 * for it then meets a closed link. Testers write until the link says that it is closed, and when
 * that was; replies that they read later than the earliest moment at which it can have been do not
 * count. The emulated WAN of this machine knows the moment. A relay on another one has a clock of
 * its own: the moment lies between the order and its answer, less what the relay says it has done
 * since. If that is more than a quarter of the delay, the run is invalid.
 *
 * <p>Invalid is also a run in which a kernel dropped packets or datagrams outside of the link's
 * conditions: at the devices in the namespaces, or at the relay's sockets.
 */
package dev.farshore.emulab.testbed.live;
