package dev.farshore.emulab.wan;

import dev.farshore.agent.config.Quantity;
import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.model.QueueLimit;
import dev.farshore.link.model.Reordering;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The conditions of a direction as people write them: {@code delay=25ms rate=1Gbit loss=1%}. Keeps
 * the text, so that it can be shown and changed key by key.
 */
public final class PathText {

  /** Every key with its value where nothing is said. */
  public static final Map<String, String> DEFAULTS;

  static {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("delay", "25ms");
    defaults.put("jitter", "0");
    defaults.put("rate", "1Gbit");
    defaults.put("queue", "50ms");
    defaults.put("loss", "0");
    defaults.put("burst", "1");
    defaults.put("burst-gap", "0");
    defaults.put("burst-loss", "100%");
    defaults.put("gap-loss", "0");
    defaults.put("reorder", "0");
    defaults.put("reorder-by", "1ms");
    defaults.put("duplicate", "0");
    defaults.put("corrupt", "0");
    DEFAULTS = Collections.unmodifiableMap(defaults);
  }

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,12})?");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,12})?)\\s*%");
  private static final String UNLIMITED = "unlimited";

  private final Map<String, String> values;
  private final LinkConditions conditions;

  private PathText(Map<String, String> values, int headerBytes) {
    this.values = values;
    this.conditions = conditions(headerBytes);
  }

  /**
   * @param changes of {@link #DEFAULTS}
   * @param headerBytes that each datagram takes beside its payload
   * @throws IllegalArgumentException with what is wrong, for people
   */
  public static PathText of(Map<String, String> changes, int headerBytes) {
    return changed(DEFAULTS, changes, headerBytes);
  }

  /**
   * The same with some values changed.
   *
   * @throws IllegalArgumentException with what is wrong, for people
   */
  public PathText with(Map<String, String> changes, int headerBytes) {
    return changed(values, changes, headerBytes);
  }

  private static PathText changed(
      Map<String, String> from, Map<String, String> changes, int headerBytes) {
    Map<String, String> values = new LinkedHashMap<>(from);
    changes.forEach(
        (key, value) -> {
          if (values.replace(key, value.strip()) == null) {
            throw new IllegalArgumentException(
                "unknown '" + key + "': known are " + String.join(", ", values.keySet()));
          }
        });
    return new PathText(values, headerBytes);
  }

  public LinkConditions conditions() {
    return conditions;
  }

  /** Every key with its value, as it was written. */
  public Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    values.forEach(
        (key, value) -> text.append(text.isEmpty() ? "" : " ").append(key + "=" + value));
    return text.toString();
  }

  private LinkConditions conditions(int headerBytes) {
    double reorder = share("reorder");
    Reordering reordering =
        reorder == 0
            ? new Reordering(0, duration("reorder-by"))
            : naming("reorder-by", () -> new Reordering(reorder, duration("reorder-by")));
    return new LinkConditions(
        duration("delay"),
        duration("jitter"),
        bottleneck(headerBytes),
        loss(),
        reordering,
        share("duplicate"),
        share("corrupt"));
  }

  private Bottleneck bottleneck(int headerBytes) {
    if (values.get("rate").equals(UNLIMITED)) {
      return Bottleneck.NONE;
    }
    long rate = naming("rate", () -> Quantity.RATE.parse(values.get("rate")));
    QueueLimit queue = queue(values.get("queue"));
    return naming("rate", () -> new Bottleneck.DropTail(rate, queue, headerBytes));
  }

  /** A time or a size. */
  private QueueLimit queue(String text) {
    if (text.equals("0")) {
      return new QueueLimit.Time(0);
    }
    if (text.endsWith("B")) {
      return new QueueLimit.Bytes(naming("queue", () -> Quantity.SIZE.parse(text)));
    }
    return new QueueLimit.Time(duration("queue"));
  }

  private LossModel loss() {
    double loss = share("loss");
    String burst = values.get("burst");
    long gap = duration("burst-gap");
    double inBursts = share("burst-loss");
    double between = share("gap-loss");
    boolean twoStates = inBursts < 1 || between > 0;
    if (NUMBER.matcher(burst).matches()) {
      double packets = Double.parseDouble(burst);
      if (twoStates) {
        return naming("loss", () -> LossModel.TwoStates.losing(loss, packets, between, inBursts));
      }
      LossModel model =
          packets == 1
              ? new LossModel.Independent(loss)
              : naming("burst", () -> new LossModel.PacketBursts(loss, packets));
      return loss == 0 ? LossModel.NONE : model;
    }
    if (twoStates) {
      throw new IllegalArgumentException(
          "burst-loss and gap-loss are for bursts of packets, and " + burst + " is a time");
    }
    long nanos = duration("burst");
    LossModel model = naming("burst", () -> new LossModel.Outages(loss, nanos, gap));
    return loss == 0 ? LossModel.NONE : model;
  }

  /** {@code 25ms}, {@code 1.5s}; zero needs no unit. */
  private long duration(String key) {
    String text = values.get(key);
    return text.equals("0") ? 0 : naming(key, () -> Quantity.DURATION.parse(text));
  }

  /** {@code 1%}, {@code 0.05%}; zero needs no sign. */
  private double share(String key) {
    String text = values.get(key);
    if (text.equals("0")) {
      return 0;
    }
    Matcher matcher = PERCENT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(key + ": '" + text + "' is not a share like 1% or 0.05%");
    }
    BigDecimal percent = new BigDecimal(matcher.group(1));
    if (percent.compareTo(BigDecimal.valueOf(100)) > 0) {
      throw new IllegalArgumentException(key + ": '" + text + "' is more than 100%");
    }
    return percent.movePointLeft(2).doubleValue();
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read();
  }

  private static <T> T naming(String key, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }
}
