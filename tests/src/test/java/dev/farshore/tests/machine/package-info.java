/** What the tests need of the machine that they run on, beyond a JVM. */
package dev.farshore.tests.machine;
