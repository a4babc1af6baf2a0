/** The doors to the network: datagrams, and a reliable control channel. */
package dev.farshore.link.port;
