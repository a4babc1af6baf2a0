/**
 * The default store of a log: its own segment files, preallocated and zeroed ahead of time, written
 * with positional writes and forced in groups.
 *
 * <pre>
 *  append ─▶ Staging ──windows──▶ TailWriter ──write, force──▶ segment files
 *               │                     ▲                            ▲   │
 *               │ next segment        │ ready                      │   │ free
 *               └───────────────▶ SegmentSupply ─fill, slots, recycle──┘
 *  read, cursor ◀── windows in memory, else SegmentIndex ─▶ reads of the disk's threads
 *  open ─▶ Inventory ─▶ Recovery ─▶ Restart (a fresh segment that takes the log over)
 * </pre>
 *
 * <p><b>A segment file</b> is called {@code <name>.<file number>.segment}. Its name says nothing
 * about its place in the log, so that a file is recycled without touching the directory. All
 * numbers are little-endian.
 *
 * <pre>
 *  offset  size
 *       0  4096  slot 0, written when the segment is made ready
 *    4096  4096  slot 1, written when it enters service
 *    8192  4096  slot 2, a copy of slot 1; written again when the segment is left behind
 *   12288     …  batches
 *
 *  slot, in the first bytes of its page
 *       0     4  checksum  CRC32C of the bytes 4 to 87
 *       4     4  magic     "FSSG"
 *       8     1  version   1
 *       9     1  state     1 free, 2 ready, 3 in service; in slot 2 also 4 in service and continued
 * by the segment of the next number, 5 in service and succeeded by a restart
 *      10     1  restart   1 if the segment takes the log over at its start, whatever older
 *                          segments hold behind it; 0 if it continues the one before
 *      11     1  zero
 *      12     4  bytes     size of the file when it was made ready; 0 if it is free
 *      16     8  group
 *      24     8  number    place in the log; grows for ever, never used twice
 *      32     8  salt      of this number's incarnation of the file
 *      40     8  start     LSN of the record before the first one here (in service, else 0)
 *      48    12  epoch     of that record: counter, site, restart
 *      60     4  zero
 *      64    16  chain     up to that record, high half first
 *      80     8  forced    LSN up to which the log had been forced then
 *
 *  batch, at a multiple of 8
 *       0     4  checksum  CRC32C of the bytes 4 to 87
 *       4     4  magic     "FSBT"
 *       8     1  version   1
 *       9     1  flags     1: the log was closed cleanly here
 *      10     2  zero
 *      12     4  count     of records; 0 if the batch only says what had been forced
 *      16     8  number    of the segment
 *      24     8  salt      of the segment
 *      32     8  before    LSN before the first record
 *      40     8  forced    LSN up to which the log had been forced when this was written
 *      48    12  epoch     at {@code before}
 *      60     4  bytes     of the records that follow
 *      64    16  chain     at {@code before}
 *      80     8  zero
 *      88     …  records, one behind the other, as in {@link dev.farshore.log.record}
 * </pre>
 *
 * <p>The next batch begins at the next multiple of 8, or, after a force, of 4096: a page that was
 * forced is never written again, so that a write torn by a power cut cannot harm forced bytes. The
 * last batch of a write is one without records, if the segment has room for it: it is behind what
 * the force that follows makes durable, and tells that it was there.
 *
 * <p><b>What is believed.</b> A segment is what its valid slots of the highest number say: free if
 * any says so, else in service, else ready. One that says it was left behind, and there is nothing
 * behind it, means that a file is missing: that is damage, too. A batch is believed if its
 * checksum, number and salt are right, and its {@code before} is where the log has come so far; a
 * record, if it verifies and continues the chain. A ready segment that is no restart is in service
 * if it begins with such a batch (its slots were torn off by a power cut); a restart that is not in
 * service was never committed. A segment in service from LSN n takes everything from n + 1 on away
 * from all segments of lower number.
 *
 * <p><b>Damage or torn tail.</b> Where belief ends, the search goes on for later batches of the
 * segments' own salts. If any slot or batch says that the log had been forced up to an LSN that is
 * not there, that is damage, and the log does not open. Otherwise the tail is torn: it ends at its
 * last whole append, and the report of the recovery says how much is behind that. (The very last
 * batch is ambiguous, for nothing says yet that it had been forced. If the sector with its header
 * is lost, what is behind it is still found, and reported; only if all of it lies in that sector
 * does it look as if it had never been written, and the mirror alone knows better.)
 *
 * <p><b>Mending.</b> A record that is found to be damaged later, in a log that is open, may be
 * given back by another site. It is believed if it, or a run of lost records that it belongs to,
 * begins at the chain of the record before and ends where the record behind, the next segment's
 * start, or the end of the log says that the chain was: then its bytes are those that were written.
 * It is read from memory from then on, in the place of what is on disk, which is not written in; a
 * bounded number of bytes is kept, and those that came first are lost again.
 *
 * <p><b>Opening.</b> A log always goes on in a segment of a new number and salt, whose batches
 * nothing left behind can imitate. Unless the log was closed cleanly, the page cache may claim what
 * the disk does not hold: the records above the last LSN that is known to have been forced are
 * written again into that segment and forced, and then the segment takes the log over with the
 * write of its slots 1 and 2, which is the commit of the recovery. Before that nothing has changed;
 * so a crash in the middle of it repeats it. On a full disk the new segment is a small one, and a
 * file called {@code ballast} is given up for it if need be; such a log can be read, and takes
 * writes again when there is room for another segment.
 */
package dev.farshore.log.file;
