/**
 * Two agents in processes of their own, with real clients and the emulated WAN between them; killed
 * with -9.
 */
package dev.farshore.tests.live;
