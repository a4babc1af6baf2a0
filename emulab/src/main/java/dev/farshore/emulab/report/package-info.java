/**
 * Makes of results what people read: figures, and a page with the question, the answer, what the
 * paper says, and how it was run. Made of the files of {@link dev.farshore.emulab.results} alone;
 * the same files give the same report.
 */
package dev.farshore.emulab.report;
