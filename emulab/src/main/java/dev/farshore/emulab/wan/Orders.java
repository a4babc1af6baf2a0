package dev.farshore.emulab.wan;

import dev.farshore.link.model.LinkConditions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Carries out orders on a link, and remembers its conditions as they were written. Belongs to the
 * link, under whose lock it is used.
 */
public final class Orders {

  /** What orders are carried out on. */
  public interface Link {
    void openEntrance(Direction direction);

    /**
     * What has come to the entrance enters before it closes.
     *
     * @return since when nothing has entered, as {@link System#nanoTime} has it
     */
    long closeEntrance(Direction direction);

    /**
     * Closes the entrance, and loses what is queued or in flight.
     *
     * @return since when, likewise
     */
    long sever(Direction direction);

    boolean isEntranceOpen(Direction direction);

    void change(Direction direction, LinkConditions conditions);

    /**
     * @throws IllegalArgumentException if there are to be more than a link remembers
     */
    void schedule(Direction direction, List<Outage> outages);

    /** Ends every outage, also those to come. */
    void heal(Direction direction);

    String report(boolean json);

    void quit();
  }

  private final Map<Direction, PathText> paths = new EnumMap<>(Direction.class);
  private final int headerBytes;
  private final Link link;

  /**
   * @param conditions of both directions
   * @param headerBytes that each packet takes beside its payload
   * @throws IllegalArgumentException if the conditions make no sense
   */
  public Orders(Map<String, String> conditions, int headerBytes, Link link) {
    this.headerBytes = headerBytes;
    this.link = link;
    for (Direction direction : Direction.values()) {
      paths.put(direction, PathText.of(conditions, headerBytes));
    }
  }

  public PathText path(Direction direction) {
    return paths.get(direction);
  }

  /**
   * @return what there is to tell, without a newline at its end
   * @throws IllegalArgumentException with what is wrong with the order, for people
   */
  public String obey(String line) {
    switch (Order.parse(line)) {
      case Order.CloseEntrance close -> {
        return closed(close.directions(), link::closeEntrance);
      }
      case Order.OpenEntrance open -> open.directions().forEach(link::openEntrance);
      case Order.Sever sever -> {
        return closed(sever.directions(), link::sever);
      }
      case Order.Change change -> change(change);
      case Order.Schedule plan ->
          plan.directions().forEach(way -> link.schedule(way, plan.outages()));
      case Order.Heal heal -> heal.directions().forEach(link::heal);
      case Order.Show show -> {}
      case Order.Statistics statistics -> {
        return link.report(statistics.json());
      }
      case Order.Help help -> {
        return Order.HELP;
      }
      case Order.Quit end -> link.quit();
    }
    return show();
  }

  private String closed(List<Direction> directions, ToLongFunction<Direction> close) {
    Map<Direction, Long> since = new EnumMap<>(Direction.class);
    directions.forEach(way -> since.put(way, close.applyAsLong(way)));
    return show() + ClosedSince.lines(since, System.nanoTime());
  }

  private String show() {
    StringBuilder text = new StringBuilder();
    for (Direction direction : Direction.values()) {
      text.append(text.isEmpty() ? "" : "\n")
          .append(direction + ": " + paths.get(direction))
          .append(link.isEntranceOpen(direction) ? "" : " (entrance closed)");
    }
    return text.toString();
  }

  private void change(Order.Change change) {
    Map<Direction, PathText> changed = new EnumMap<>(Direction.class);
    for (Direction direction : change.directions()) {
      changed.put(direction, paths.get(direction).with(change.values(), headerBytes));
    }
    paths.putAll(changed);
    changed.forEach((direction, path) -> link.change(direction, path.conditions()));
  }
}
