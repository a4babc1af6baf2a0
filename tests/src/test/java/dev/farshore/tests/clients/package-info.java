/** The NBD clients that people use, against the running agent: two processes, real disks. */
package dev.farshore.tests.clients;
