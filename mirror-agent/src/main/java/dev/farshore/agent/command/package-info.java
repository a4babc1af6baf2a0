/** The command line: what a person or a script types, and what it prints and exits with. */
package dev.farshore.agent.command;
