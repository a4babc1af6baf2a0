/**
 * What a simulated wire carried between two sites, seen from outside the product: the oracle that
 * says which records a mirror can have.
 *
 * <pre>
 *   SimulatedPath ──datagrams──▶ WireWatch ──by session id──▶ SessionWatch ──stream──▶ FrameWatch
 *      entered, refused, arrived                 data packets, recipes       records
 * </pre>
 *
 * <p>A packet is there if it arrived, or if it follows from what arrived by the recipes that the
 * repairs carry. Nothing of the product's encoder, decoder or watermarks is asked; the layouts of
 * packets, frames and records are read with the product's readers.
 */
package dev.farshore.emulab.testbed.wire;
