/**
 * Measures whether a {@link dev.farshore.emulab.tun.TunWan} does what it was told, with the
 * kernel's own UDP and TCP at both ends, in this process and in namespaces of its own.
 */
package dev.farshore.emulab.tun.selftest;
