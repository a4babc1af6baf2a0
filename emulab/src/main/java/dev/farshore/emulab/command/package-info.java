/** The command line of the bench. */
package dev.farshore.emulab.command;
