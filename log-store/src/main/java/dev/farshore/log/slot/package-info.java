/**
 * Small durable values that are replaced as a whole: the superblock of a group, the leadership of a
 * site.
 *
 * <p>A file has two slots of equal size, each with one copy. Little-endian.
 *
 * <pre>
 *   offset   bytes  field
 *   0        8      magic, names what kind of value this is
 *   8        4      version of the value's layout
 *   12       4      n, length of the value in bytes
 *   16       8      sequence: 1 for the first value, one more for each that follows
 *   24       n      value
 *   24 + n   4      CRC32C of all bytes before it
 * </pre>
 *
 * Slot 0 begins at offset 0 of the file, slot 1 in the middle of it.
 */
package dev.farshore.log.slot;
