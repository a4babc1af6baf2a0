package dev.farshore.emulab.report;

import dev.farshore.emulab.results.SampleCsv;

/**
 * The numbers of a figure: {@code curve,x,mean,low,high,runs}; low and high are the ends of the
 * bars.
 */
final class FigureCsv {

  private FigureCsv() {}

  static String text(Figure figure) {
    StringBuilder text = new StringBuilder("curve,x,mean,low,high,runs\n");
    for (Curve curve : figure.curves()) {
      for (Mark mark : curve.marks()) {
        text.append(SampleCsv.text(curve.name())).append(',');
        text.append(SampleCsv.text(mark.label())).append(',');
        text.append(SampleCsv.number(mark.mean())).append(',');
        text.append(SampleCsv.number(mark.low())).append(',');
        text.append(SampleCsv.number(mark.high())).append(',');
        text.append(mark.runs()).append('\n');
      }
    }
    return text.toString();
  }
}
