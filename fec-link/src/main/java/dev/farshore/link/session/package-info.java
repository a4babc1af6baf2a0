/** Sender and receiver of a link session, as step functions. */
package dev.farshore.link.session;
