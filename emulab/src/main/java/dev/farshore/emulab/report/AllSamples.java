package dev.farshore.emulab.report;

import dev.farshore.emulab.results.RunFiles;
import dev.farshore.emulab.results.RunRecord;
import dev.farshore.emulab.results.Sample;
import dev.farshore.emulab.results.SampleCsv;
import java.util.stream.Stream;

/** All samples of valid runs in one table, with the inputs of their runs. */
final class AllSamples {

  private AllSamples() {}

  static String text(Report report) {
    StringBuilder text = new StringBuilder("testbed");
    report.plan().experiment().inputs().forEach(input -> text.append(',').append(input.name()));
    text.append(",repetition,seed,metric,at,value\n");
    for (Source source : report.sources()) {
      for (RunFiles run : source.runs()) {
        if (run.record().isValid()) {
          add(text, source, run);
        }
      }
    }
    return text.toString();
  }

  private static void add(StringBuilder text, Source source, RunFiles run) {
    RunRecord record = run.record();
    StringBuilder begin = new StringBuilder(source.name());
    record.inputs().values().forEach(value -> begin.append(',').append(SampleCsv.text(value)));
    begin.append(',').append(record.repetition()).append(',').append(record.seed()).append(',');
    Stream.concat(run.samples().stream(), run.machine().stream())
        .forEach(sample -> text.append(begin).append(line(sample)));
  }

  private static String line(Sample sample) {
    String at = sample.at().map(SampleCsv::number).orElse("");
    return sample.metric() + "," + at + "," + SampleCsv.number(sample.value()) + "\n";
  }
}
