package dev.farshore.tests.sim;

import dev.farshore.appliance.export.Export.Failure;
import java.util.ArrayList;
import java.util.List;

/** All clients of a world; has their replies judged. */
final class Clients {

  private final World world;
  private final List<Client> clients = new ArrayList<>();
  private final MirrorReader reader;
  private long writes;
  private long acknowledged;
  private boolean stopped;

  Clients(World world, Entropy entropy) {
    this.world = world;
    for (int i = 0; i < world.scenario().load().clients(); i++) {
      clients.add(new Client(world, this, entropy.fork()));
    }
    reader = new MirrorReader(world, entropy.fork());
  }

  long newWriteId() {
    return ++writes;
  }

  /** Requests that were answered with success. */
  long acknowledged() {
    return acknowledged;
  }

  /** No more requests; those outstanding go on. */
  void stop() {
    stopped = true;
    reader.disconnect();
  }

  int outstanding() {
    return clients.stream().mapToInt(Client::outstanding).sum();
  }

  /** Adds those that have something to do now; returns how many entries there are then. */
  int addDue(long now, int[] due, int count, int firstNumber) {
    int end = count;
    if (!stopped) {
      for (int i = 0; i < clients.size(); i++) {
        if (clients.get(i).nextNanos() <= now) {
          due[end++] = firstNumber + i;
        }
      }
      if (reader.nextNanos() <= now) {
        due[end++] = firstNumber + clients.size();
      }
    }
    return end;
  }

  void act(int client, long now) {
    if (client < clients.size()) {
      clients.get(client).act(now);
    } else {
      reader.act(now);
    }
  }

  long nextNanos() {
    long next = Long.MAX_VALUE;
    if (!stopped) {
      next = reader.nextNanos();
      for (Client client : clients) {
        next = Math.min(next, client.nextNanos());
      }
    }
    return next;
  }

  void processDied(SiteProcess process) {
    clients.forEach(client -> client.processDied(process));
    reader.processDied(process);
  }

  void done(Request request) {
    world.trace("done " + request.kind, request.process.site().index(), request.offset);
    acknowledged++;
    switch (request.kind) {
      case READ -> checkRead(request);
      case FLUSH -> world.promises().flushDone(request);
      default -> world.promises().changeDone(request);
    }
  }

  /** A read shows each cell as it was after some record between its request and its reply. */
  private void checkRead(Request request) {
    LogModel model = request.process.site().model();
    VolumeHistory history = model.volume(request.volume.volume());
    int bytes = world.cells().bytes();
    long last = model.lastLsn();
    for (int i = 0; i < request.length / bytes; i++) {
      int cell = (int) (request.offset / bytes) + i;
      long value = world.cells().valueAt(request.data, i * bytes, cell);
      Violation.unless(
          history.heldBetween(cell, value, Math.min(request.before(), last), last),
          "N1",
          () ->
              request
                  + ": cell "
                  + cell
                  + " shows "
                  + value
                  + ", is "
                  + history.valueAt(cell, last));
    }
  }

  void failed(Request request, Failure failure, String reason) {
    world.trace("failed " + request.kind + " " + failure, request.process.site().index(), 0);
    if (request.changes() && request.position() == null) {
      Violation.unless(
          request.process.changes().remove(request), "N6", () -> "not outstanding: " + request);
    }
    Site site = request.process.site();
    boolean explained =
        switch (failure) {
          case SHUTTING_DOWN -> true;
          case IO, NO_SPACE -> site.troubled();
          case PERMISSION, OUT_OF_MEMORY, INVALID, NOT_SUPPORTED -> false;
        };
    Violation.unless(
        explained, "A7", () -> request + " failed without cause: " + failure + ", " + reason);
  }
}
