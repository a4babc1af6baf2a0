package dev.farshore.tests.sim;

/**
 * What the clients of a world do.
 *
 * @param clients how many connections there are
 * @param depth most requests that a client has outstanding
 * @param volumes how many volumes there are at the start
 * @param volumeCells size of a volume
 * @param requestCells most cells that one request touches
 * @param thinkNanos mean time between the requests of a client
 * @param readShare share of requests that read
 * @param flushShare share that flush
 * @param zeroShare share that zero or trim
 * @param fuaShare share of the changes that ask for force unit access
 */
record Load(
    int clients,
    int depth,
    int volumes,
    int volumeCells,
    int requestCells,
    long thinkNanos,
    double readShare,
    double flushShare,
    double zeroShare,
    double fuaShare) {}
