/** What a wire carried, seen from outside the product. */
package dev.farshore.tests.wire;
