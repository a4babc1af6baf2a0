package dev.farshore.emulab.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.farshore.agent.config.ConfigException;
import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.plan.Extent;
import dev.farshore.emulab.plan.Kinds;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.plan.Plans;
import dev.farshore.emulab.plan.Plot;
import dev.farshore.emulab.testbed.Testbed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Plans as {@code emulab list --json} says them; times are in seconds. {@code machines} says
 * whether a plan can be run on three of them.
 */
final class PlanJson {

  private static final int SCHEMA = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlanJson() {}

  static String text(Plans plans, List<String> names) throws IOException, ConfigException {
    ObjectNode root = JSON.createObjectNode().put("schema", SCHEMA);
    ArrayNode all = root.putArray("plans");
    for (String name : names) {
      Plan plan = plans.read(name);
      ObjectNode node = all.addObject().put("name", plan.name());
      node.put("experiment", plan.experiment().name());
      node.put("title", plan.words().title()).put("question", plan.words().question());
      node.put("machines", plan.experiment().runsOnMachines());
      extent(node.putObject("full"), plan, false);
      extent(node.putObject("quick"), plan, true);
      ArrayNode inputs = node.putArray("inputs");
      for (Experiment.Input input : plan.experiment().inputs()) {
        inputs
            .addObject()
            .put("name", input.name())
            .put("meaning", input.meaning())
            .put("usual", input.usual());
      }
      ArrayNode figures = node.putArray("figures");
      plan.plots().stream().map(Plot::name).forEach(figures::add);
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  private static void extent(ObjectNode node, Plan plan, boolean quick) throws IOException {
    Extent extent = plan.runs().extent(quick);
    node.put("points", extent.points().size());
    node.put("repetitions", extent.repetitions()).put("runs", extent.runs());
    ObjectNode beds = node.putObject("testbeds");
    for (Testbed.Kind kind : new TreeSet<>(plan.experiment().testbeds())) {
      ObjectNode bed = beds.putObject(Kinds.word(kind));
      Optional<Duration> time = Expected.time(plan, kind, quick);
      time.ifPresent(one -> bed.put("seconds", one.toMillis() / 1000.0));
    }
    ObjectNode varied = node.putObject("varied");
    extent
        .varied()
        .forEach(
            (input, values) -> {
              ArrayNode array = varied.putArray(input);
              values.forEach(array::add);
            });
  }
}
