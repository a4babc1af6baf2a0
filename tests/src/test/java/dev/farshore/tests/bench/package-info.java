/**
 * Benchmarks, as plain programs: the test command compiles them and does not run them. Each
 * compares contenders in interleaved rounds of one run, against a reference that has a name, and
 * prints medians and the median of the ratios of the rounds, because a shared machine changes from
 * minute to minute.
 */
package dev.farshore.tests.bench;
