/** What tests need of the machine. */
package dev.farshore.emulab.machine;
