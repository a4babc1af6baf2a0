/** Which of Netty's transports this machine offers; what the UDP and TCP packages stand on. */
package dev.farshore.link.netty;
