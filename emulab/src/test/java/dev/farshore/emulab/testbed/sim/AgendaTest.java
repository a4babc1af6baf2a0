package dev.farshore.emulab.testbed.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AgendaTest {
  private final Agenda agenda = new Agenda();
  private final List<String> acts = new ArrayList<>();

  private Agenda.Actor actor(String name) {
    Agenda.Actor actor =
        new Agenda.Actor() {
          @Override
          void act(long nowNanos) {
            acts.add(name + "@" + nowNanos);
          }
        };
    agenda.join(actor);
    return actor;
  }

  private void actAll() {
    while (agenda.nextNanos() != Long.MAX_VALUE) {
      agenda.actFirst(agenda.nextNanos());
    }
  }

  @Test
  void actorsOfTheSameTimeActInTheOrderInWhichTheyJoined() {
    Agenda.Actor first = actor("a");
    Agenda.Actor second = actor("b");
    Agenda.Actor third = actor("c");
    agenda.set(third, 5);
    agenda.set(second, 5);
    agenda.set(first, 5);
    agenda.set(second, 4);
    agenda.hasten(second, 9);
    agenda.set(second, 5);
    actAll();
    assertEquals(List.of("a@5", "b@5", "c@5"), acts);
  }

  @Test
  void theEarliestActsFirstWhateverWasSetBefore() {
    SplittableRandom random = new SplittableRandom(3);
    List<Agenda.Actor> actors = new ArrayList<>();
    long[] due = new long[50];
    for (int i = 0; i < due.length; i++) {
      actors.add(actor(i + ""));
    }
    for (int i = 0; i < 1000; i++) {
      int who = random.nextInt(due.length);
      due[who] = random.nextLong(100);
      agenda.set(actors.get(who), due[who]);
    }
    List<String> expected = new ArrayList<>();
    for (long now = 0; now < 100; now++) {
      for (int i = 0; i < due.length; i++) {
        if (due[i] == now) {
          expected.add(i + "@" + now);
        }
      }
    }
    actAll();
    assertEquals(expected, acts);
  }
}
