package dev.farshore.emulab.report.chart;

import dev.farshore.emulab.plan.Reference;
import dev.farshore.emulab.report.Figure;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;

/** A figure as a chart that can be drawn. */
final class Drawing {

  static final int WIDTH = 860;

  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  private static final FontRenderContext RENDERING = new FontRenderContext(null, true, true);
  private static final Color INK = new Color(0x222222);
  private static final Color QUIET = new Color(0x666666);
  private static final Color GRID = new Color(0xE3E3E3);
  private static final double LEGEND_LINE = 17;
  private static final double CAP = 3;

  private static final int HEIGHT = 480;

  /** Of one entry of the legend: its height, and its width beside the name. */
  private static final int ENTRY = 22;

  private static final int ENTRY_BESIDE = 62;

  /** Of the drawing, beside a legend at its right. */
  private static final int BESIDE = 100;

  /** Names that are longer take too much of the width. */
  private static final int NAME_MAX = 210;

  private final JFreeChart chart;
  private final int height;

  /**
   * @param below what stands under the title
   */
  Drawing(Figure figure, String below) {
    Scales scales = Scales.of(figure);
    XYPlot plot = plot(figure, scales);
    chart = new JFreeChart(null, TEXT, plot, false);
    chart.setBackgroundPaint(Color.WHITE);
    chart.setPadding(new RectangleInsets(8, 8, 8, 14));
    title(figure.plot().words().title(), TITLE, INK);
    title(below, TEXT, QUIET);
    LegendTitle legend = new LegendTitle(plot);
    LegendItemCollection items = plot.getLegendItems();
    boolean right = figure.words().isEmpty() && longest(items) <= NAME_MAX;
    height =
        right ? Math.max(HEIGHT, BESIDE + items.getItemCount() * ENTRY) : HEIGHT + below(items);
    legend.setPosition(right ? RectangleEdge.RIGHT : RectangleEdge.BOTTOM);
    legend.setFrame(BlockBorder.NONE);
    legend.setItemFont(TEXT);
    legend.setItemPaint(INK);
    legend.setItemLabelPadding(new RectangleInsets(3, 6, 3, 8));
    chart.addLegend(legend);
  }

  private void title(String text, Font font, Color color) {
    TextTitle title = new TextTitle(text, font);
    title.setPaint(color);
    title.setHorizontalAlignment(HorizontalAlignment.LEFT);
    title.setTextAlignment(HorizontalAlignment.LEFT);
    title.setPadding(new RectangleInsets(2, 4, 3, 0));
    chart.addSubtitle(title);
  }

  private static double width(String text) {
    return TEXT.getStringBounds(text, RENDERING).getWidth();
  }

  private static double longest(LegendItemCollection items) {
    double longest = 0;
    for (int i = 0; i < items.getItemCount(); i++) {
      longest = Math.max(longest, width(items.get(i).getLabel()));
    }
    return longest;
  }

  /** What a legend below the plot takes, beyond its first line. */
  private static int below(LegendItemCollection items) {
    int lines = 1;
    double taken = 0;
    for (int i = 0; i < items.getItemCount(); i++) {
      double entry = width(items.get(i).getLabel()) + ENTRY_BESIDE;
      if (taken + entry > WIDTH) {
        lines++;
        taken = 0;
      }
      taken += entry;
    }
    return (lines - 1) * ENTRY;
  }

  int height() {
    return height;
  }

  void draw(Graphics2D graphics) {
    chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
  }

  private static XYPlot plot(Figure figure, Scales scales) {
    ChartData data = new ChartData(figure, scales);
    XYPlot plot = new XYPlot();
    plot.setDomainAxis(axis(figure.plot().x().label(), scales.x()));
    double words = figure.words().stream().mapToDouble(word -> width(word) + 2 * CAP).sum();
    plot.getDomainAxis().setVerticalTickLabels(words > WIDTH - BESIDE);
    plot.setRangeAxis(axis(figure.plot().y().label(), scales.y()));
    plot.setDataset(0, data.references());
    plot.setRenderer(0, references(figure));
    plot.setDataset(1, data.bars());
    plot.setRenderer(1, bars(figure));
    plot.setDataset(2, data.curves());
    plot.setRenderer(2, curves(figure));
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setFixedLegendItems(legend(figure));
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setRangeGridlinePaint(GRID);
    plot.setDomainGridlinePaint(GRID);
    plot.setRangeGridlineStroke(new BasicStroke(1));
    plot.setDomainGridlineStroke(new BasicStroke(1));
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    if (scales.x() instanceof LogScale log && log.zero()) {
      plot.addDomainMarker(apart(log));
    }
    if (scales.y() instanceof LogScale log && log.zero()) {
      plot.addRangeMarker(apart(log));
    }
    return plot;
  }

  /** Between zero and the rest of a logarithmic axis. */
  private static ValueMarker apart(LogScale scale) {
    double middle = (scale.lower() + Math.log10(scale.least())) / 2;
    BasicStroke stroke =
        new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {2, 4}, 0);
    return new ValueMarker(middle, QUIET, stroke);
  }

  private static PlacedAxis axis(String label, Scale scale) {
    PlacedAxis axis = new PlacedAxis(label, scale);
    axis.setLabelFont(LABEL);
    axis.setLabelPaint(INK);
    axis.setTickLabelFont(TEXT);
    axis.setTickLabelPaint(INK);
    axis.setAxisLinePaint(QUIET);
    axis.setTickMarkPaint(QUIET);
    axis.setTickMarkOutsideLength(4);
    axis.setMinorTickMarksVisible(true);
    axis.setMinorTickMarkOutsideLength(2);
    return axis;
  }

  /** Lines between words would say that there is something between them. */
  private static boolean isJoined(Figure figure) {
    return figure.words().isEmpty() && figure.plot().y().words().isEmpty();
  }

  private static XYLineAndShapeRenderer curves(Figure figure) {
    XYLineAndShapeRenderer renderer = new SomeMarkers(isJoined(figure));
    renderer.setUseFillPaint(true);
    renderer.setDrawSeriesLineAsPath(true);
    for (int i = 0; i < figure.curves().size(); i++) {
      int color = figure.curves().get(i).color();
      int style = figure.curves().get(i).style();
      renderer.setSeriesPaint(i, Palette.color(color));
      renderer.setSeriesFillPaint(i, Color.WHITE);
      renderer.setSeriesStroke(i, Palette.line(style));
      renderer.setSeriesShape(i, Palette.marker(style));
      renderer.setSeriesOutlineStroke(i, Palette.line(0));
    }
    return renderer;
  }

  private static XYErrorRenderer bars(Figure figure) {
    XYErrorRenderer renderer = new XYErrorRenderer();
    renderer.setDrawXError(false);
    renderer.setDefaultShapesVisible(false);
    renderer.setDefaultLinesVisible(false);
    renderer.setCapLength(CAP * 2);
    renderer.setErrorStroke(new BasicStroke(1.1f));
    for (int i = 0; i < figure.curves().size(); i++) {
      renderer.setSeriesPaint(i, Palette.color(figure.curves().get(i).color()));
    }
    return renderer;
  }

  private static XYLineAndShapeRenderer references(Figure figure) {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    renderer.setDrawSeriesLineAsPath(true);
    for (int i = 0; i < figure.plot().references().size(); i++) {
      renderer.setSeriesPaint(i, Palette.referenceColor(i));
      renderer.setSeriesStroke(i, Palette.referenceLine(i));
      renderer.setSeriesShape(i, Palette.referenceMarker());
      renderer.setSeriesShapesVisible(i, isMeasured(figure.plot().references().get(i)));
    }
    return renderer;
  }

  /** Single points, and no model. */
  private static boolean isMeasured(Reference reference) {
    return reference.curve() instanceof Reference.Points points && !points.line();
  }

  private static LegendItemCollection legend(Figure figure) {
    LegendItemCollection items = new LegendItemCollection();
    Line2D line = new Line2D.Double(-LEGEND_LINE, 0, LEGEND_LINE, 0);
    figure
        .curves()
        .forEach(
            curve ->
                items.add(
                    new LegendItem(
                        curve.name(),
                        null,
                        null,
                        null,
                        true,
                        Palette.marker(curve.style()),
                        true,
                        Color.WHITE,
                        true,
                        Palette.color(curve.color()),
                        Palette.line(0),
                        isJoined(figure),
                        line,
                        Palette.line(curve.style()),
                        Palette.color(curve.color()))));
    for (int i = 0; i < figure.plot().references().size(); i++) {
      Reference reference = figure.plot().references().get(i);
      items.add(
          new LegendItem(
              reference.name(),
              null,
              null,
              null,
              isMeasured(reference),
              Palette.referenceMarker(),
              true,
              Palette.referenceColor(i),
              false,
              Palette.referenceColor(i),
              Palette.line(0),
              true,
              line,
              Palette.referenceLine(i),
              Palette.referenceColor(i)));
    }
    return items;
  }
}
