/** The port between the NBD server and what it serves. */
package dev.farshore.appliance.export;
