package dev.farshore.emulab.results;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code metric,at,value}, a line for each sample; {@code at} may be empty. */
public final class SampleCsv {

  private static final String HEADER = "metric,at,value";
  private static final int COLUMNS = 3;

  private SampleCsv() {}

  public static String text(List<Sample> samples) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (Sample sample : samples) {
      text.append(sample.metric()).append(',');
      sample.at().ifPresent(at -> text.append(number(at)));
      text.append(',').append(number(sample.value())).append('\n');
    }
    return text.toString();
  }

  /** As RFC 4180 has it: in quotes, if it has a comma or a quote in it. */
  public static String text(String word) {
    boolean plain = word.indexOf(',') < 0 && word.indexOf('"') < 0;
    return plain ? word : '"' + word.replace("\"", "\"\"") + '"';
  }

  /** The shortest decimal that reads back as the same number, without an exponent. */
  public static String number(double value) {
    return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /**
   * @param file for the message
   * @throws IOException if it is something else
   */
  static List<Sample> parse(String text, Object file) throws IOException {
    List<Sample> samples = new ArrayList<>();
    String[] lines = text.split("\n", -1);
    if (!lines[0].equals(HEADER) || !lines[lines.length - 1].isEmpty()) {
      throw new IOException(file + " does not begin with '" + HEADER + "', or is cut off");
    }
    for (int i = 1; i < lines.length - 1; i++) {
      String[] words = lines[i].split(",", -1);
      try {
        if (words.length == COLUMNS) {
          Optional<Double> at =
              words[1].isEmpty() ? Optional.empty() : Optional.of(Double.parseDouble(words[1]));
          samples.add(new Sample(words[0], at, Double.parseDouble(words[2])));
          continue;
        }
      } catch (NumberFormatException e) {
        throw new IOException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
      }
      throw new IOException(
          file + ":" + (i + 1) + ": " + words.length + " columns, not " + COLUMNS);
    }
    return samples;
  }
}
