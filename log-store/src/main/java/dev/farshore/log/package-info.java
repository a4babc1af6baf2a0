/**
 * The segment log: an append-only sequence of records, cut into segments.
 *
 * <pre>
 *   append ──▶ staged ──write──▶ appended ──force──▶ forced ──fold──▶ free
 *                                (survives the       (survives a
 *                                 process)            power cut)
 * </pre>
 *
 * {@link dev.farshore.log.SegmentLog} is the port; its stores are in the packages beside this one.
 */
package dev.farshore.log;
