package dev.farshore.emulab.report.chart;

import dev.farshore.emulab.report.Figure;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Draws figures. The same figure gives the same bytes, where the same fonts are installed. */
public final class Pictures {

  private static final String SVG = "http://www.w3.org/2000/svg";

  /** Of a pixel in the image, to one in the drawing. */
  private static final int RESOLUTION = 2;

  private static final int DECIMALS = 2;

  static {
    // There is no screen to draw on, and none is needed.
    System.setProperty("java.awt.headless", "true");
  }

  private final Figure figure;
  private final Drawing drawing;

  /**
   * @param below what stands under the title: where and how often it was run
   */
  public Pictures(Figure figure, String below) {
    this.figure = figure;
    this.drawing = new Drawing(figure, below);
  }

  public byte[] png() throws IOException {
    BufferedImage image =
        new BufferedImage(
            Drawing.WIDTH * RESOLUTION, drawing.height() * RESOLUTION, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(RESOLUTION, RESOLUTION);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    drawing.draw(graphics);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "png", bytes)) {
      throw new IllegalStateException("every JDK writes PNG");
    }
    return bytes.toByteArray();
  }

  /** One {@code svg} element, without anything around it. Its ids begin with the figure's name. */
  public String svg() throws IOException {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
    context.setComment(null);
    context.setPrecision(DECIMALS);
    context.setIDGenerator(
        new SVGIDGenerator() {
          @Override
          public String generateID(String prefix) {
            return figure.plot().name() + "-" + super.generateID(prefix);
          }
        });
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    graphics.setSVGCanvasSize(new Dimension(Drawing.WIDTH, drawing.height()));
    drawing.draw(graphics);
    Element root = graphics.getRoot();
    root.setAttribute("viewBox", "0 0 " + Drawing.WIDTH + " " + drawing.height());
    root.setAttribute("role", "img");
    root.setAttribute("aria-label", figure.plot().words().title());
    StringWriter text = new StringWriter();
    graphics.stream(root, text, false, false);
    String document =
        text.toString().replace("id=\"genericDefs\"", "id=\"" + figure.plot().name() + "-defs\"");
    return document.substring(document.indexOf("<svg"));
  }

  private static Document document() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("every JDK has a DOM", e);
    }
  }
}
