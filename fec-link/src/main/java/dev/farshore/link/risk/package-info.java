/**
 * What a sender can say of the danger: the chance that what it has answered for would be lost if
 * its site died now.
 */
package dev.farshore.link.risk;
