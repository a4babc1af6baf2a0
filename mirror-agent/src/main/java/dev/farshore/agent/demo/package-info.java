/**
 * What {@code start} without a configuration runs: two sites on this machine, each an ordinary
 * process with an ordinary configuration, and a watcher that says what happens to them.
 *
 * <pre>
 *   farshore-demo/west/farshore.toml ──▶ process: start --config … ──▶ site west
 *   farshore-demo/east/farshore.toml ──▶ process: start --config … ──▶ site east
 *                                              ▲ standard input: its end ends the site
 *                                           Demo ──status, every second──▶ both control sockets
 * </pre>
 */
package dev.farshore.agent.demo;
