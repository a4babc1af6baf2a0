/** Records of a group's log: what they are, and how they are laid out in bytes. */
package dev.farshore.log.record;
