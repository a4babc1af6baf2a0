/**
 * A link session alone, in virtual time: its real sender and receiver, a path between them, and
 * what can be said of it from outside. For experiments that need many packets or disasters and no
 * site around them.
 */
package dev.farshore.emulab.testbed.link;
