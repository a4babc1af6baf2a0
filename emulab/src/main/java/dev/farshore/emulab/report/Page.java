package dev.farshore.emulab.report;

import dev.farshore.emulab.plan.Plot;
import dev.farshore.emulab.plan.Reference;
import dev.farshore.emulab.results.RunFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The page of a report: one file, which needs no other to be read. */
final class Page {

  private static final String SIM = "sim";
  private static final String LIVE = "live";

  private final Report report;
  private final List<String> drawn;
  private final Html html = new Html();

  /**
   * @param drawn the SVG of each figure
   */
  Page(Report report, List<String> drawn) {
    this.report = report;
    this.drawn = drawn;
  }

  String html() throws IOException {
    html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html.element("title", report.plan().words().title());
    html.raw("<style>\n" + css() + "</style>\n</head>\n<body>\n<header>");
    html.element("h1", report.plan().words().title());
    html.raw("<p class=\"question\">" + Html.escaped(report.plan().words().question()) + "</p>");
    html.raw("</header>");
    warning();
    html.element("h2", "What the papers show").paragraphs(report.plan().words().paper());
    html.element("h2", "How it was run");
    new Circumstances(report, html).write();
    html.element("h2", "Figures");
    for (int i = 0; i < report.figures().size(); i++) {
      figure(report.figures().get(i), drawn.get(i), i + 1);
    }
    invalid();
    limits();
    html.raw("</body>\n</html>");
    return html.toString();
  }

  private static String css() throws IOException {
    try (InputStream file = Page.class.getResourceAsStream("report.css")) {
      if (file == null) {
        throw new IOException("report.css is not where the classes are");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void warning() {
    List<String> warnings = new ArrayList<>();
    long missing = report.expected() - report.runs();
    if (missing > 0) {
      warnings.add(
          "Not complete: "
              + report.runs()
              + " of "
              + report.expected()
              + " runs are there. The same emulab run goes on with the others.");
    }
    int invalid = report.sources().stream().mapToInt(source -> source.invalid().size()).sum();
    if (invalid > 0) {
      warnings.add(
          invalid
              + (invalid == 1 ? " run is" : " runs are")
              + " invalid and in no figure; see below.");
    }
    if (report.sources().stream().anyMatch(source -> source.about().quick())) {
      warnings.add(
          "The quick version of the plan: fewer points, shorter runs. It shows that the experiment"
              + " works, and the direction of an effect; its figures are not results.");
    }
    warnings.forEach(text -> html.raw("<p class=\"warning\">" + Html.escaped(text) + "</p>"));
  }

  private void figure(Figure figure, String svg, int number) {
    String name = figure.plot().name();
    html.raw("<section id=\"" + Html.escaped(name) + "\">");
    html.element("h3", number + ". " + figure.plot().words().title());
    html.raw("<figure>\n" + svg + "\n</figure>");
    html.raw("<div class=\"said\"><div>").element("h4", "What it shows");
    html.paragraphs(figure.plot().words().shows());
    for (String curve : figure.missing()) {
      html.raw("<p class=\"warning\">No valid run has: " + Html.escaped(curve) + "</p>");
    }
    html.raw("</div>");
    if (!figure.plot().words().paper().isEmpty()) {
      html.raw("<div>").element("h4", "The paper").paragraphs(figure.plot().words().paper());
      html.raw("</div>");
    }
    html.raw("</div>");
    for (Reference reference : figure.plot().references()) {
      html.element("p", "Drawn beside: " + reference.name() + ", from " + reference.source() + ".");
    }
    numbers(figure);
    html.raw("<p class=\"files\">");
    html.link("figures/" + name + ".csv", "CSV").link("figures/" + name + ".png", "PNG");
    html.link("figures/" + name + ".svg", "SVG").raw("</p>\n</section>");
  }

  /** A row for each x, a column for each curve. */
  private void numbers(Figure figure) {
    Map<Double, String> xs = new TreeMap<>();
    figure.curves().forEach(curve -> curve.marks().forEach(mark -> xs.put(mark.x(), mark.label())));
    html.raw(
        "<details><summary>Numbers: "
            + Html.escaped(Captions.numbers(figure))
            + "</summary>\n<div class=\"wide\"><table>");
    List<String> head = new ArrayList<>();
    head.add(figure.plot().x().label());
    figure.curves().forEach(curve -> head.add(curve.name()));
    html.head(head);
    for (Map.Entry<Double, String> x : xs.entrySet()) {
      List<String> row = new ArrayList<>();
      row.add(x.getValue());
      for (Curve curve : figure.curves()) {
        row.add(
            curve.marks().stream()
                .filter(mark -> mark.x() == x.getKey())
                .map(mark -> cell(figure.plot().y(), mark))
                .findFirst()
                .orElse("–"));
      }
      html.row(row);
    }
    html.raw("</table></div></details>");
  }

  private static String cell(Plot.YAxis axis, Mark mark) {
    String mean = axis.word(mark.mean()).orElse(Numbers.text(mark.mean()));
    return switch (mark.spread()) {
      case Spread.Interval interval ->
          mean + " (" + Numbers.text(interval.low()) + " to " + Numbers.text(interval.high()) + ")";
      case Spread.Deviation deviation when mark.runs() > 1 ->
          mean + " ± " + Numbers.text(deviation.value());
      case Spread.Deviation single -> mean;
    };
  }

  private void invalid() {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (Source source : report.sources()) {
      for (RunFiles run : source.invalid()) {
        String inputs = Circumstances.varied(source, run.record().inputs());
        String name = source.name() + ": " + inputs + ", repetition " + run.record().repetition();
        rows.put(name, List.of(name, "" + run.record().seed(), run.record().invalid()));
      }
    }
    if (rows.isEmpty()) {
      return;
    }
    html.element("h2", "Invalid runs").raw("<div class=\"wide\"><table>");
    html.head(List.of("run", "seed", "why"));
    rows.values().forEach(html::row);
    html.raw("</table></div>");
  }

  private void limits() {
    html.element("h2", "Limits").raw("<ul>");
    html.element(
        "li",
        "Bars show one standard deviation of a sample of runs, down and up, if the figure does not"
            + " say that they are an interval of 95 %; a point without a bar was run once, or had"
            + " the same value each time.");
    html.element(
        "li",
        "Marks that would hide each other are drawn a little beside each other; the numbers below"
            + " each figure are exact.");
    if (isAny(one -> one.about().testbed().equals(SIM))) {
      html.element(
          "li",
          "sim is the whole system in virtual time: no processor, disk or kernel slows it down but"
              + " those that the simulation has. The same seed gives the same samples, byte for"
              + " byte; processor time and memory are this machine's.");
    }
    if (isAny(one -> one.about().testbed().equals(LIVE))) {
      limitsOfLive();
    }
    html.raw("</ul>");
  }

  private void limitsOfLive() {
    html.element(
        "li", "live is real processes and kernels in real time. It does not repeat exactly.");
    if (isAny(one -> one.about().testbed().equals(LIVE) && one.about().isOnOneMachine())) {
      html.element(
          "li",
          "live on one machine: both sites, the clients and the emulated link between the sites"
              + " share its processors and its disk. Where these are the limit, the figures show"
              + " them and not the system.");
    }
    if (isAny(one -> one.about().testbed().equals(LIVE) && !one.about().isOnOneMachine())) {
      html.element(
          "li",
          "live on three machines: a site and the clients on one, the mirror on another, and the"
              + " emulated link, which relays datagrams, on a third. The machines' own network adds"
              + " its delay, and what it loses, to what the link is told; TCP is delayed by the link"
              + " and loses nothing. The machine in the table above is that of the clients.");
    }
    html.element(
        "li",
        "Mirroring latency ends when the mirror has forced a record. In live it begins with the"
            + " append of the newest record that the primary's log shows at each reading of both"
            + " sites, one in 25 ms: each is up to 25 ms off, either way, and percentiles are of"
            + " readings. In sim it begins with the first byte of each request, is exact, and"
            + " percentiles are of requests.");
  }

  private boolean isAny(Predicate<Source> condition) {
    return report.sources().stream().anyMatch(condition);
  }
}
