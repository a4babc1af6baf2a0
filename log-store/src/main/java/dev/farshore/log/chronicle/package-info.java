/**
 * The segment log on Chronicle Queue: selectable, and not for the only copy of anything.
 *
 * <pre>
 *   NAME.chronicle/                  one log; locked while it is open
 *     lock                           see {@link dev.farshore.log.disk.DirectoryLock}
 *     generation-0000000003/         the queue that is the log: the highest number
 *       19700101-0001.cq4            a cycle is a segment; the first is number 1
 *       19700101-0002.cq4
 *       metadata.cq4t                Chronicle's own table; deleted and made anew at each open
 *     generation-0000000004.draft/   an unfinished next generation; deleted at each open
 * </pre>
 *
 * <p>Chronicle names cycles after the time. Here the time is a number that the log sets: one minute
 * is one segment, so that the roll cycle is a stock one ({@code MINUTELY}, as {@code DAILY} has
 * names for 2.9 million segments only) and Chronicle's own tools can read the files. A segment is
 * never reopened after a stop; the log goes on in the next. Cutting the log, and writing the tail
 * anew that an unclean stop leaves in doubt, drafts a new generation beside the current one: whole
 * segments are shared by hard links, others are copied, all is forced, and a rename makes it the
 * log.
 *
 * <p>A cycle holds these excerpts, version 1. All numbers are little-endian.
 *
 * <pre>
 *  offset size
 *       0    4  checksum   CRC32C of the bytes from 4 to 16 (record) or to 80 (open, close)
 *       4    1  version    1
 *       5    1  kind       1 open: the first of its cycle; 2 record; 3 close: the last of its cycle
 *       6    2  zero
 *       8    8  forced     LSN up to which the log was forced when this was written
 *  record:
 *      16    n  record     as {@link dev.farshore.log.record} lays it out, with its own checksums
 *  open, close:
 *      16    8  group      identity of the group
 *      24    4  cycle      number of this cycle
 *      28   12  epoch      of the last record before this excerpt: counter, site, restart
 *      40    8  lsn        of that record
 *      48   16  chain      up to that record
 *      64    8  bytes      of all excerpts of the log in cycles before this one
 *      72    8  zero
 * </pre>
 *
 * The record with LSN n is excerpt n - lsn of its cycle, lsn being that of its open excerpt. What
 * does not check out at or below the highest {@code forced} is damage; above it, it is the torn
 * end.
 *
 * <p><b>Durability.</b> Chronicle only logs a failed msync and goes on as if nothing had been. So
 * it is told not to sync at all, and this package forces a cycle's file through a channel of its
 * own; a failed force poisons the log. Recovery believes nothing above the highest {@code forced}
 * to be on disk and writes it anew.
 *
 * <p><b>Limits</b>, and why this store takes no part in the keeper's part of the contract:
 *
 * <ul>
 *   <li>Chronicle's own words in the file, above all the length of an excerpt, have no checksum. Of
 *       the 32 bits of one, each flipped at rest, 18 ended the JVM with a SIGSEGV and 14 hid
 *       records without a word. Ours detect what Chronicle hands over, and records that are missing
 *       below the last {@code forced}; they cannot save the process.
 *   <li>A full disk is a SIGBUS in a mapped page, which the JVM turns into an {@link
 *       InternalError}. The room is looked at before every few megabytes; if something else takes
 *       it meanwhile, the log is poisoned by that error.
 *   <li>An excerpt has to fit into a quarter of Chronicle's block. With its default of 64 MiB,
 *       records end near 15 MiB; here a block has 272 MiB, which the largest payload fits into. So
 *       the files are long and sparse: 340 MiB of length for 64 MiB of records. Copy them with a
 *       tool that keeps holes.
 *   <li>It needs a directory of the operating system, with hard links; it maps files and so does
 *       not go through the {@link dev.farshore.log.disk.Disk} port, and there is no simulated form
 *       of it.
 *   <li>It needs that directory to itself: what a dead process left in Chronicle's lock is thrown
 *       away, because our own lock is held. Without that, a restart in a container, where every
 *       process is number 1, waits 15 seconds and fails.
 *   <li>It needs the JVM options of the parent POM, and a JDK that still has {@code
 *       sun.misc.Unsafe}. Without {@code disable.ctl.orphan.tracking} Chronicle keeps something of
 *       every segment it ever opened and walks all of it at each opening. In one log of 9000
 *       segments that did not show; a process that opened hundreds of logs stood still in it.
 *   <li>Segments are not preallocated, so a force also has to write where the file's blocks are:
 *       two to three times slower than a preallocated file. Unforced, it is faster.
 * </ul>
 */
package dev.farshore.log.chronicle;
