/**
 * The overlay of a volume: which of its bytes lie in the log, because they have not been folded
 * into the base image yet, and where.
 *
 * <pre>
 *   offset   0        4096      8192      12288     16384     20480
 *   overlay  |-- base --|- lsn 7 -|---- lsn 9 ----|-- hole --|-- base …
 * </pre>
 */
package dev.farshore.log.overlay;
