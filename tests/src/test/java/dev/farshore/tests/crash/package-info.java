/**
 * A real JVM on a real kernel that dies, or whose disk fails: processes killed with SIGKILL at any
 * moment, system calls that fail or write half, and writeback errors of a block device.
 *
 * <p>A child process works on a store and says on a pipe what it was promised; the test, which
 * survives it, holds the store to that. What a child had written to its pipe before it died is in
 * the pipe.
 *
 * <p>{@code -Dcrash.seconds=N} lets each of the kill tests run for N seconds, {@code
 * -Dcrash.seed=N} repeats their choices (not the kernel's).
 */
package dev.farshore.tests.crash;
