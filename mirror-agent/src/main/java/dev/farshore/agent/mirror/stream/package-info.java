/**
 * What the leader puts on the link: frames, back to back, in the link's ordered stream. Big-endian.
 *
 * <pre>
 *   offset size
 *   0      4    length of the body in bytes
 *   4      1    type
 *   5      3    zero
 *   8      …    body
 *
 *   type 1  record          one encoded record, as in the log
 *   type 2  image data      4 volume, 8 offset, then bytes of the base image
 *   type 3  image advance   4 volume, 8 offset: everything before this place was sent or is a hole
 *   type 4  image end       empty: the images are whole
 * </pre>
 *
 * <p>The stream is ordered and complete, and every record carries its own checksums and chain; a
 * frame that its format does not allow breaks the session.
 */
package dev.farshore.agent.mirror.stream;
