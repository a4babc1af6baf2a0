/**
 * The disaster of SMFS (FAST'09, section on data loss): writers run, the link loses packets for
 * half a second, then nothing new enters it, what is in flight arrives, and the primary is gone.
 */
package dev.farshore.tests.disaster;
