/**
 * A wide-area link for real programs: two network namespaces, a TUN device in each, and between
 * them {@link dev.farshore.link.model.LinkModel}, a direction each way. Whatever speaks IP passes
 * through it.
 *
 * <pre>
 *   namespace NEAR            emulab wan --between NEAR FAR              namespace FAR
 *   programs ─ kernel ─ wan0 ──read──▶ TunPath: Wire, forward  ──write──▶ wan0 ─ kernel ─ programs
 *                       wan0 ◀─write── TunPath: Wire, backward ◀──read─── wan0
 * </pre>
 *
 * A {@link dev.farshore.emulab.tun.TunLoop} is a thread that owns its paths. Packets are kept in
 * frames outside the heap; once enough of them exist, nothing is allocated for a packet.
 *
 * <p>What a program has given to its kernel leaves after the program is killed. So "the site dies"
 * means that the entrance of the link closes first ({@code close-entrance}), and then the program
 * is killed.
 *
 * <p>The kernel keeps at most 100,000 packets per device while the loop is not scheduled, and drops
 * the rest without the model ever having seen them. The device counts these: a run with any is
 * called invalid.
 *
 * <p>The rate counts IP packets with their headers, and nothing of a lower layer.
 */
package dev.farshore.emulab.tun;
