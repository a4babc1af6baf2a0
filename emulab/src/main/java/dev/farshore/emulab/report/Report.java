package dev.farshore.emulab.report;

import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.plan.Plot;
import dev.farshore.emulab.report.chart.Pictures;
import dev.farshore.emulab.results.ResultsDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The report on one plan, from one or more directories of results.
 *
 * @param figures in the order of the plan
 */
public record Report(Plan plan, List<Source> sources, List<Figure> figures) {

  public Report {
    sources = List.copyOf(sources);
    figures = List.copyOf(figures);
  }

  /**
   * @param plan what it says of plots and words; the runs are those of the directories
   */
  public static Report of(Plan plan, List<ResultsDirectory> directories) throws IOException {
    List<Source> sources = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (ResultsDirectory directory : directories) {
      String bed = directory.about().bed() + (directory.about().quick() ? " quick" : "");
      String name = names.add(bed) ? bed : bed + " " + (names.size() + 1);
      names.add(name);
      sources.add(new Source(name, directory.about(), directory.runs()));
    }
    List<Figure> figures = new ArrayList<>();
    for (Plot plot : plan.plots()) {
      List<Source> known =
          sources.stream().filter(source -> plot.choice().isOf(source.kind())).toList();
      if (!known.isEmpty()) {
        figures.add(FigureMaker.figure(plot, known));
      }
    }
    return new Report(plan, sources, figures);
  }

  /** Writes the page, the figures and their numbers into a directory. */
  public void write(Path directory) throws IOException {
    Path pictures = directory.resolve("figures");
    Files.createDirectories(pictures);
    List<String> drawn = new ArrayList<>();
    for (Figure figure : figures) {
      Pictures picture = new Pictures(figure, Captions.below(this, figure));
      String name = figure.plot().name();
      String svg = picture.svg();
      drawn.add(svg);
      Files.writeString(pictures.resolve(name + ".svg"), svg + "\n", StandardCharsets.UTF_8);
      Files.write(pictures.resolve(name + ".png"), picture.png());
      Files.writeString(pictures.resolve(name + ".csv"), FigureCsv.text(figure));
    }
    Files.writeString(directory.resolve("samples.csv"), AllSamples.text(this));
    Files.writeString(directory.resolve("report.html"), new Page(this, drawn).html());
  }

  long runs() {
    return sources.stream().mapToLong(source -> source.runs().size()).sum();
  }

  long expected() {
    return sources.stream().mapToLong(source -> source.about().extent().runs()).sum();
  }
}
