/**
 * An NBD client that keeps a journal of what was acknowledged to it: it writes blocks that name
 * themselves, and afterwards says of every block whether what is there is what a client may expect.
 */
package dev.farshore.emulab.testbed.live.client;
