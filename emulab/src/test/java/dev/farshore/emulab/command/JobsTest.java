package dev.farshore.emulab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.experiment.Experiments;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.plan.Plans;
import dev.farshore.emulab.testbed.Testbed;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** How many runs go on beside each other. */
class JobsTest {

  private static Plan plan(String name) throws Exception {
    return new Plans(Path.of("plans"), Experiments.ALL).read(name);
  }

  @Test
  void asManyAsThereAreProcessorsAndMemoryFor() throws Exception {
    Plan plan = plan("throughput-delay");
    long each = plan.runs().memory().full();
    assertEquals(8, new Jobs(8, 9 * each).usual(plan, Testbed.Kind.SIM, false));
    assertEquals(3, new Jobs(8, 3 * each + 1).usual(plan, Testbed.Kind.SIM, false));
    assertEquals(1, new Jobs(8, each / 2).usual(plan, Testbed.Kind.SIM, false));
  }

  @Test
  void liveRunsAndThoseThatWeighTheMachineGoOneByOne() throws Exception {
    Jobs many = new Jobs(8, 1L << 40);
    assertEquals(1, many.usual(plan("disaster"), Testbed.Kind.LIVE, false));
    assertEquals(1, many.usual(plan("scale"), Testbed.Kind.SIM, false));
    refused(2, "disaster", Testbed.Kind.LIVE, many, "would disturb each other");
    refused(2, "scale", Testbed.Kind.SIM, many, "measures processor time and memory");
    refused(0, "disaster", Testbed.Kind.SIM, many, "at least 1");
    assertEquals(1, many.asked(1, plan("disaster"), Testbed.Kind.LIVE, false));
    assertEquals(1, many.asked(1, plan("scale"), Testbed.Kind.SIM, false));
  }

  @Test
  void moreThanTheHeapHoldsAreRefusedWithWhatWouldDo() throws Exception {
    Plan plan = plan("disaster");
    long each = plan.runs().memory().full();
    Jobs small = new Jobs(2, 3 * each);
    assertEquals(
        3, small.asked(3, plan, Testbed.Kind.SIM, false), "more than there are processors");
    refused(4, "disaster", Testbed.Kind.SIM, small, "-Xmx" + 4 * (each >> 20) + "m");
    assertEquals(1, new Jobs(2, 1).asked(1, plan, Testbed.Kind.SIM, false), "one is always tried");
  }

  private static void refused(int jobs, String name, Testbed.Kind kind, Jobs here, String said)
      throws Exception {
    Plan plan = plan(name);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> here.asked(jobs, plan, kind, false));
    assertTrue(e.getMessage().contains(said), e.getMessage());
  }
}
