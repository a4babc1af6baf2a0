/**
 * The control socket: how the command line talks to a running site on the same machine.
 *
 * <pre>
 *   command ──▶ ControlClient ══ Unix socket, 0600 ══▶ ControlServer ──▶ SiteOperations (the site's loop)
 *           ◀── progress…, answer ══════════════════════           ◀── CompletionStage
 * </pre>
 *
 * <p>Only the user that runs the site, and root, may connect: the socket's mode says so, and the
 * server asks the kernel who is there. A connection carries requests one after the other; each is
 * answered by any number of {@code progress} messages and then exactly one {@code answer} or {@code
 * refused}. Every message is
 *
 * <pre>
 *   offset size
 *   0      4    length of what follows, big-endian; a request at most 64 KiB, a reply at most 4 MiB
 *   4      …    one JSON object, UTF-8
 *
 *   request    {"version":1, "operation":"promote", "group":"demo", "force":false}
 *   progress   {"version":1, "kind":"progress", "text":"…"}
 *   answer     {"version":1, "kind":"answer", "result":{…}}
 *   refused    {"version":1, "kind":"refused", "reason":"not-found", "text":"…"}
 * </pre>
 *
 * <p>A request of another version, or that makes no sense, is refused; a message that is too long
 * ends the connection.
 */
package dev.farshore.agent.control;
