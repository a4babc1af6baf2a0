package dev.farshore.appliance.volume;

import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.export.Export.Reply;
import dev.farshore.log.disk.Completion;
import java.io.IOException;

/** Turns the end of a read from the store into a reply. */
record ReadCompletion(Reply reply) implements Completion {

  @Override
  public void done() {
    reply.done();
  }

  @Override
  public void failed(IOException cause) {
    reply.failed(Failure.IO, GroupVolumes.reason(cause));
  }
}
