/**
 * The door to the disk.
 *
 * <p>{@link dev.farshore.log.disk.Disk} is one directory of files, driven by completions: an
 * operation is submitted, and its {@link dev.farshore.log.disk.Completion} runs in a later (or, for
 * cheap operations, in the same) call on the owner's thread. Nothing above this package touches
 * {@code java.nio.file}.
 */
package dev.farshore.log.disk;
