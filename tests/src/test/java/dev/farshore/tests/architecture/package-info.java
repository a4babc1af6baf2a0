/** The rules of the house, held against the compiled classes and against the sources. */
package dev.farshore.tests.architecture;
