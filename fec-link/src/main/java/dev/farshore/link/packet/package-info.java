/**
 * Datagrams of a link session: layouts, writer and reader. All numbers are big endian.
 *
 * <p>Every datagram is a fixed header, a body and a tag. The header is what sealing will
 * authenticate but not encrypt, and its packet number what the nonce will be made from; the tag has
 * the size of an AES-GCM tag. Until datagrams are sealed, the tag is a CRC32C of all bytes before
 * it, followed by twelve zero bytes: corruption is a loss, and an attacker is not kept out.
 *
 * <pre>
 * header, 20 bytes
 *   0  u8   type: 1 data, 2 repair, 3 ack, 4 nak, 5 ping, 6 close
 *   1  u8   version of the layouts, 2
 *   2  u8   key phase, 0 until datagrams are sealed
 *   3  u8   0
 *   4  u64  session id
 *  12  u64  packet number: 0, 1, 2, ... per session and direction, over all types; a packet that is
 *           sent again gets a new one
 *
 * data (1)
 *  20  u64  sequence: data packets are numbered 0, 1, 2, ...; the same when sent again
 *  28  u64  stream offset of the payload's first byte
 *  36  u32  time of sending, microseconds of the sender's clock, modulo 2^32
 *  40  ...  payload, 1 byte or more
 *
 * repair (2)
 *  20  u64  sequence of the first member
 *  28  u64  covered sequence: all repairs of the data packets below it had left before this packet
 *  36  u16  stride: the members are first, first + stride, ...; 1 or more
 *  38  u8   layer, 0 first
 *  39  u8   code: 1 exclusive or, 2 Reed-Solomon (Vandermonde, GF(2^8), polynomial 0x11d)
 *  40  u8   data: members of a full group, 1 or more
 *  41  u8   repairs of the group, 1 or more; data + repairs is at most 256
 *  42  u8   index of this repair, less than repairs
 *  43  u8   members, 1 to data; the shards of members that are not there are zeros
 *  44  ...  coded symbol, as long as the longest member's symbol, 11 bytes or more
 *
 * symbol, what is coded: one per data packet, padded with zeros to the longest of the group
 *   0  u16  length of the payload
 *   2  u32  stream offset modulo 2^32
 *   6  u32  CRC32C of the sequence (u64) and the payload: a wrong repair is noticed
 *  10  ...  payload
 *
 * ack (3)
 *  20  u64  next sequence: all data packets below it have arrived
 *  28  u64  window edge: stream offset up to which the receiver has room
 *  36  u64  report: received
 *  44  u64  report: mirrored
 *  52  u64  largest packet number that arrived
 *  60  u32  time of sending of the latest data packet or ping that carried one
 *  64  u32  microseconds since that arrived
 *  68  u64  datagrams that arrived
 *  76  u64  datagrams that did not, as far as their numbers tell
 *  84  u64  data packets that the code restored
 *  92  u32  most datagrams in a row that did not arrive
 *  96  u32  mean of how many datagrams in a row did not arrive, in 1/256; 0 before the first such run
 * 100  u16  number of ranges
 * 102  u16  0
 * 104  ...  ranges of data packets that arrived beyond next sequence
 *
 * nak (4)
 *  20  u64  next sequence, as in an ack
 *  28  u64  largest packet number that arrived
 *  36  u16  number of ranges, 1 or more
 *  38  u16  0
 *  40  ...  ranges of data packets that are to be sent again
 *
 * range, 8 bytes: u32 first sequence minus next sequence, u32 count; ascending, apart, count not 0
 *
 * ping (5)
 *  20  u64  next sequence: as many data packets have been sent
 *  28  u64  covered sequence, as in a repair
 *  36  u32  time of sending, as in data
 *
 * close (6)
 *  20  u64  next sequence: as many data packets were sent in all
 *  28  u64  length of the stream
 * </pre>
 */
package dev.farshore.link.packet;
