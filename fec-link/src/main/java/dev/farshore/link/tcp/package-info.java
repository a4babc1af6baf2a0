/**
 * The control channel over TCP, on Netty.
 *
 * <p>Each end begins with a preface of 8 bytes; frames follow. Big-endian.
 *
 * <pre>
 *   preface                                   frame
 *   0  4  magic 46 53 43 54, "FSCT"           0  1  kind: 0 message, 1 alive
 *   4  2  version, 1                          1  3  length of the body, at most 2^20; 0 if alive
 *   6  2  reserved, 0                         4  4  CRC32C of the first 4 bytes and the body
 *                                             8  n  body
 * </pre>
 *
 * <p>The checksum is there because TCP's has 16 bits, and because a channel of this protocol orders
 * and epochs ride on may live for months. Whatever does not fit closes the channel that it came on,
 * and nothing else. Versions are not negotiated: an end that speaks another one is told apart by
 * its preface and refused.
 */
package dev.farshore.link.tcp;
