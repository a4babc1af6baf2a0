/**
 * One flow through the emulated WAN, as fast as it goes: kernel TCP with a chosen congestion
 * control, or the two ends of our link, each on a thread in the namespace of its end.
 */
package dev.farshore.emulab.flow;
