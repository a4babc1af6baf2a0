/** Datagrams over real UDP sockets, on Netty. */
package dev.farshore.link.udp;
