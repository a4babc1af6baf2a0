package dev.farshore.tests.bench;

import java.io.IOException;

/** One way to keep a log of records of equal size, under measurement. Owned by one thread. */
interface Contender extends AutoCloseable {

  String name();

  /**
   * Appends records without forcing them; they are with the operating system on return.
   *
   * @param perTurn how many records the owner of a log takes before it polls the log; a loop that
   *     writes each record by itself does not care
   */
  void append(int records, int perTurn) throws IOException;

  /**
   * Serves writers that each have one record waiting to be forced: they all append, wait until they
   * are forced, and append the next.
   */
  void groupCommit(int writers, int turns) throws IOException;

  /** Makes all of it durable and forgets it, outside of what is measured. */
  void settle() throws IOException;

  @Override
  void close() throws IOException;
}
