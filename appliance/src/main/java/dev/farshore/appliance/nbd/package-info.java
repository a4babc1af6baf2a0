/**
 * An NBD server. Written after the protocol text, {@code doc/proto.md} of
 * github.com/NetworkBlockDevice/nbd at 89ba7b5; quoted section names are that text's.
 *
 * <p>All numbers are big-endian. What crosses a connection, in order:
 *
 * <pre>
 *  S: greeting          8  "NBDMAGIC"   8  "IHAVEOPT"   2  handshake flags
 *  C: client flags      4
 *  C: option            8  "IHAVEOPT"   4  option       4  length          length  data
 *  S: option reply      8  0x3e889045565a9   4  option  4  reply type  4  length  length  data
 *     … repeated, until
 *  S: EXPORT_NAME       8  size         2  transmission flags   124  zeros, unless NO_ZEROES
 *     or the ACK of GO; from here on
 *  C: request           4  0x25609513   2  flags   2  type   8  cookie   8  offset   4  length
 *                       length  payload, if type is WRITE
 *  S: simple reply      4  0x67446698   4  error   8  cookie   [length  data, if READ succeeded]
 *  S: structured chunk  4  0x668e33ef   2  flags   2  type   8  cookie   4  length   length  payload
 *       OFFSET_DATA     8  offset       the data
 *       OFFSET_HOLE     8  offset       4  length of the hole
 *       BLOCK_STATUS    4  context id   { 4  length   4  flags } …
 *       ERROR           4  error        2  length   text
 * </pre>
 *
 * <p>The layers, each knowing only those below it:
 *
 * <pre>
 *  NbdServer               listeners, limits, fencing of an export, drain
 *  HandshakeHandler,       one connection on Netty: reading is turned off when credits are gone,
 *  TransmissionHandler     replies are flushed once for each batch of reads
 *  Handshake, Transmission the protocol, as step functions over buffers; no sockets, no clock
 *  RequestDecoder, RequestRules, OptionData, ReplyEncoder, Credits
 * </pre>
 *
 * <p>Memory. A request is charged to {@link dev.farshore.appliance.nbd.Credits} before anything is
 * allocated for it, and until its reply has left for the kernel. So the server holds at most the
 * two credit pools, and for each connection its guaranteed bytes, one receive buffer and the
 * connection itself.
 *
 * <p>Everything runs on the one event loop that also owns the exports.
 */
package dev.farshore.appliance.nbd;
