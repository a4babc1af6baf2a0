/** The journaling NBD client of the live testbed, for a command line. */
package dev.farshore.tests.client;
