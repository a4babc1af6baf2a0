package dev.farshore.log;

import dev.farshore.log.record.LogPosition;

/**
 * What recovery found when a log was opened.
 *
 * @param position where the log ends now; the end of an append
 * @param syncedLsn up to here the log itself states that it had been forced; a bad record at or
 *     below this is damage and fails the open
 * @param tornBytes bytes behind the end that began a batch or record and did not hold it
 * @param droppedRecords whole records that were dropped because their append was not complete
 * @param rewrittenRecords records above {@code syncedLsn} that were rewritten and forced, because
 *     the page cache merely claimed them
 * @param clean whether the log had been closed cleanly
 */
public record RecoveryReport(
    LogPosition position,
    long syncedLsn,
    long tornBytes,
    long droppedRecords,
    long rewrittenRecords,
    boolean clean) {}
