package dev.farshore.emulab.report.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.axis.ValueTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** An axis whose ticks are those of a {@link Scale}, and whose values are its places. */
final class PlacedAxis extends NumberAxis {

  private static final long serialVersionUID = 1L;

  /** Of the length, beyond the ends of the scale, so that markers there are whole. */
  private static final double MARGIN = 0.03;

  /** Between labels, in pixels. */
  private static final double LABEL_GAP = 6;

  private final transient Scale scale;

  PlacedAxis(String label, Scale scale) {
    super(label);
    this.scale = scale;
    double margin = MARGIN * (scale.upper() - scale.lower());
    setRange(scale.lower() - margin, scale.upper() + margin);
  }

  @Override
  public List<ValueTick> refreshTicks(
      Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
    boolean across = RectangleEdge.isTopOrBottom(edge);
    boolean upright = across && isVerticalTickLabels();
    TextAnchor anchor = across && !upright ? TextAnchor.TOP_CENTER : TextAnchor.CENTER_RIGHT;
    double angle = upright ? -Math.PI / 2 : 0;
    List<ValueTick> ticks = new ArrayList<>();
    double free = Double.NEGATIVE_INFINITY;
    for (Scale.Tick tick : scale.ticks()) {
      String label = tick.label();
      if (across && !upright && !label.isEmpty()) {
        double width = graphics.getFontMetrics(getTickLabelFont()).stringWidth(label);
        double middle = valueToJava2D(tick.place(), area, edge);
        if (middle - width / 2 < free) {
          label = "";
        } else {
          free = middle + width / 2 + LABEL_GAP;
        }
      }
      TickType type = tick.label().isEmpty() ? TickType.MINOR : TickType.MAJOR;
      ticks.add(new NumberTick(type, tick.place(), label, anchor, anchor, angle));
    }
    return ticks;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
