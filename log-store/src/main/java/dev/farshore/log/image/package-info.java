/**
 * Base images: what a volume holds apart from the unfolded tail of the log.
 *
 * <p>A volume has two files. The <i>image</i> is the volume's bytes, raw and sparse, padded with
 * zeros to whole blocks of 4096 bytes. The <i>sums</i> file beside it has four bytes per block,
 * little-endian, at 4 times the block's number; its length is a multiple of 4096 bytes. With x =
 * CRC32C of the block XOR CRC32C of a block of zeros:
 *
 * <pre>
 *   value   block
 *   0       a hole: reads as zeros (x = 0) and takes no room
 *   1       holds data, and x is 0 or 1
 *   other   holds data, and x is the value
 * </pre>
 *
 * So a sparse sums file describes a sparse image, and a hole is told from data by its value alone;
 * but its zeros are read from the image and verified like any other bytes, so that a lost part of
 * the sums file cannot turn data into zeros unseen.
 */
package dev.farshore.log.image;
