/**
 * Records of a group's log: what they are, and how they are laid out in bytes.
 *
 * <p>Record format, version 1. All numbers are little-endian and unsigned unless said otherwise;
 * values of which Java has only signed forms (LSN, offset, length, volume, epoch) are not negative.
 * A record has no padding; it is the same on disk and on the wire, at every site.
 *
 * <pre>
 *  offset size
 *       0    4  checksum   CRC32C of the bytes from 4 up to the payload
 *       4    4  length     of the whole record, this header, table and payload
 *       8   16  chain      XXH3-128 (seed 0) over the chain of the record before (as here: high
 *                          half, then low half) and the bytes of this record from 24 to its end
 *      24    1  version    1
 *      25    1  type       see below
 *      26    1  flags      1: first record of its append, 2: last record of its append
 *      27    1  zero
 *      28    4  payload    length of the payload, p
 *      32    8  group      identity of the group
 *      40    8  lsn        number of the record in its group, from 1
 *      48    4  epoch      counter
 *      52    4  epoch      site
 *      56    4  epoch      restart
 *      60    4  volume     number of the volume; 0 if the record is not about one
 *      64    8  offset     in the volume; 0 if the record has none
 *      72    8  extent     length in the volume, or size of it; 0 if the record has none
 *      80    8  time       wall clock, milliseconds since 1970, signed
 *      88   4n  table      n checksums, CRC32C of each piece of the payload
 *   88+4n    p  payload
 *
 *  type                extent          payload
 *    1  write          p               the bytes
 *    2  zero           length          -
 *    3  trim           length          -
 *    4  volume create  size            name, 1 to 255 bytes of UTF-8
 *    5  volume resize  new size        -
 *    6  volume remove  -               -
 *    7  epoch start    -               previous epoch: counter, site, restart, 4 bytes each
 *    8  degraded span  1 if it ends    -
 *    9  mark           -               label, 0 to 255 bytes of UTF-8
 * </pre>
 *
 * <p>The payload is cut into <i>pieces</i> where the volume is cut into blocks of 4 KiB: piece 0
 * ends at the first multiple of 4096 above {@code offset}, or with the payload; so n = ceil((offset
 * mod 4096 + p) / 4096), and 0 for an empty payload. The record's checksum covers header and table,
 * and the table covers the payload: who needs one block of a large write verifies that block only,
 * and the checksum of a piece that is a whole block is the checksum of that block in the base
 * image.
 */
package dev.farshore.log.record;
