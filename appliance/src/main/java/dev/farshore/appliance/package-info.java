/** What clients talk to: exports, and the NBD server that serves them. */
package dev.farshore.appliance;
