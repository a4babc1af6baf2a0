/**
 * The running site: the one place where configuration, disks, sockets, clocks and the groups' step
 * functions meet.
 *
 * <pre>
 *                     one event loop thread
 *   NBD clients ──▶ NbdServer ──▶ SiteExports ──▶ GroupNode ◀──▶ SessionRouter ◀──▶ UdpPort  ═══ WAN
 *   disk threads ── wake ──▶ SiteLoop ── poll ──▶ GroupNode ◀──▶ ControlReception, TcpControlNetwork ═══ WAN
 *   ControlServer ── execute ──▶ SiteControl ──▶ GroupNode
 * </pre>
 *
 * <p>Threads: the loop owns everything between the sockets and the disks. Each disk has a few
 * threads of its own, the control socket has some; they only wake the loop or post to it. An
 * unchecked exception on the loop is a broken invariant: the process halts without touching the
 * disk again, and recovery takes over at the next start.
 */
package dev.farshore.agent.site;
