package dev.farshore.emulab.report.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/**
 * How curves look. The colours are those of Okabe and Ito ("Color universal design", 2008), told
 * apart by people who see no red or no green; marker and line differ as well.
 */
final class Palette {

  private static final Color[] COLORS = {
    new Color(0x0072B2),
    new Color(0xD55E00),
    new Color(0x009E73),
    new Color(0xCC79A7),
    new Color(0xE69F00),
    new Color(0x56B4E9),
    new Color(0x000000),
    new Color(0x8C6D31),
  };

  private static final float[][] DASHES = {
    null, {8, 4}, {2, 3}, {8, 3, 2, 3}, {14, 4}, {2, 6}, {14, 3, 2, 3, 2, 3},
  };

  private static final float WIDTH = 1.8f;
  private static final float REFERENCE_WIDTH = 1.2f;
  private static final float[][] REFERENCE_DASHES = {{1, 3}, {4, 3}, {6, 2, 1, 2}, {10, 3}};
  private static final Color[] REFERENCE_COLORS = {new Color(0x555555), new Color(0x999999)};
  private static final double SIZE = 4.2;

  private Palette() {}

  static Color color(int number) {
    return COLORS[number % COLORS.length];
  }

  static BasicStroke line(int number) {
    return stroke(WIDTH, DASHES[number % DASHES.length]);
  }

  static Color referenceColor(int number) {
    return REFERENCE_COLORS[number / REFERENCE_DASHES.length % REFERENCE_COLORS.length];
  }

  static BasicStroke referenceLine(int number) {
    return stroke(REFERENCE_WIDTH, REFERENCE_DASHES[number % REFERENCE_DASHES.length]);
  }

  private static BasicStroke stroke(float width, float[] dash) {
    return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
  }

  static Shape marker(int number) {
    return switch (number % 7) {
      case 0 -> new Ellipse2D.Double(-SIZE, -SIZE, 2 * SIZE, 2 * SIZE);
      case 1 -> new Rectangle2D.Double(-0.9 * SIZE, -0.9 * SIZE, 1.8 * SIZE, 1.8 * SIZE);
      case 2 -> polygon(3, 1.3, -Math.PI / 2);
      case 3 -> polygon(4, 1.3, 0);
      case 4 -> polygon(3, 1.3, Math.PI / 2);
      case 5 -> star(4);
      default -> polygon(6, 1.1, 0);
    };
  }

  /** Of what is not ours. */
  static Shape referenceMarker() {
    return star(5);
  }

  private static Shape polygon(int corners, double size, double turned) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < corners; i++) {
      double angle = turned + 2 * Math.PI * i / corners;
      add(path, i, SIZE * size * Math.cos(angle), SIZE * size * Math.sin(angle));
    }
    path.closePath();
    return path;
  }

  private static Shape star(int points) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < 2 * points; i++) {
      double angle = Math.PI * i / points - Math.PI / 2;
      double size = i % 2 == 0 ? 1.45 * SIZE : 0.55 * SIZE;
      add(path, i, size * Math.cos(angle), size * Math.sin(angle));
    }
    path.closePath();
    return path;
  }

  private static void add(Path2D path, int corner, double x, double y) {
    if (corner == 0) {
      path.moveTo(x, y);
    } else {
      path.lineTo(x, y);
    }
  }
}
