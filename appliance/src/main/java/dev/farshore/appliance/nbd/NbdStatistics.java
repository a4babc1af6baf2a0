package dev.farshore.appliance.nbd;

/**
 * What a server has seen so far, and holds now.
 *
 * @param connections open now
 * @param transmitting of these, past the handshake
 * @param accepted connections since the start
 * @param refused connections closed at once, for there were too many
 * @param requests requests since the start
 * @param errors requests answered with an error
 * @param bytesRead bytes sent in answers to READ
 * @param bytesWritten payload bytes of WRITE
 * @param creditBytes bytes of both credit pools that requests hold now
 * @param violations connections closed because the client broke the protocol
 * @param negotiationTimeouts connections closed because they did not finish their handshake
 * @param stalled connections closed because they held credit that others waited for
 */
public record NbdStatistics(
    int connections,
    int transmitting,
    long accepted,
    long refused,
    long requests,
    long errors,
    long bytesRead,
    long bytesWritten,
    long creditBytes,
    long violations,
    long negotiationTimeouts,
    long stalled) {}
