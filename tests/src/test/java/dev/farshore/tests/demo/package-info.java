/** The command line as a person uses it: real processes, real sockets, real signals. */
package dev.farshore.tests.demo;
