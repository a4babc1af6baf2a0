/**
 * A group at one site, on disk: its log, its volumes (base image and overlay), the fold between
 * them.
 *
 * <p>Two small files say what belongs together, each a value in two slots ({@link
 * dev.farshore.log.slot}). All numbers are little-endian; a text is its length in bytes (4) and its
 * UTF-8; a position is an LSN (8), an epoch (counter, site, restart: 4 each) and a chain (16, high
 * half first): 36 bytes.
 *
 * <pre>
 *  superblock ("FSSUPERB", version 1), the root of the store
 *   size  field
 *      8  generation  of the log and of the images in service
 *     36  folded      position that the images hold
 *      4  highest     number that a volume ever had
 *      4  n           volumes that the images hold, in order of their numbers, at most 1024
 *           4  number
 *           …  name, a text
 *           8  size in bytes
 *      8  aside       generation of a log that is to be set aside; 0 if there is none
 *      …  its name then, a text; empty if it is to be deleted
 *      8  to          last LSN of the fold under way; 0 if there is none
 *      4  m           mixed blocks: they take some of their bytes from the image as it was
 *           4  volume
 *           8  block
 *           4  sum    as it will be
 *      4  degraded    1; only there if a degraded span is open at "folded"
 *
 *  replacement ("FSREPLAC", version 1), how far new images have been received
 *   size  field
 *      8  generation  that the new images will be
 *     36  at          position that they hold
 *      4  volume      everything before this volume
 *      8  offset      and this offset in it is durably here
 *      4  n           volumes that they are, as above
 * </pre>
 */
package dev.farshore.log.group;
