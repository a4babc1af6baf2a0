/**
 * What a plan says, and how it is read. A plan is a TOML file, {@code emulab/plans/NAME.toml}:
 * which experiment is run with which values of its inputs, how often, and what is drawn of it.
 * Unknown keys and inputs are refused.
 *
 * <pre>
 * experiment = "throughput-delay"          # one of Experiments.ALL
 * title = "Goodput against the delay of the link"
 * question = "Does goodput fall when the mirror is farther away?"    # one sentence
 * paper = """
 * What the paper shows, with its figure. An empty line begins a paragraph.
 * """
 * repetitions = 5                          # of each point; 5 where nothing is said
 * seed = 1                                 # from it follow those of all runs
 *
 * [inputs]                                 # what is not here has the experiment's usual value
 * configuration = ["local-sync", "network-sync-3", "remote-sync"]
 * delay = ["0", "25ms", "50ms", "100ms"]   # one way
 * testers = 64                             # texts, numbers, true and false; one, or a list
 *
 * # All combinations are run: 3 x 4 points, 5 times each. To run less than all combinations, say
 * # [[sweep]] once or more: each is like [inputs], over them, and only the sweeps are run. A point
 * # that is in two of them is run once.
 * [[sweep]]
 * delay = ["0", "25ms", "50ms", "100ms"]
 * [[sweep]]
 * testers = [1, 8, 64]
 *
 * [quick]                                  # the same in a few seconds, run by the tests
 * repetitions = 1
 * testbeds = ["sim"]                       # if not on all that the experiment can run on
 * [quick.inputs]                           # goes before [inputs] and every [[sweep]];
 * measured = "200ms"                       # [[quick.sweep]] replaces every [[sweep]]
 * delay = ["0", "50ms"]
 *
 * [takes]                                  # where it was measured, one run after the other;
 * sim = "25min"                            # shown by emulab list; also live, quick-sim, quick-live
 * memory = "2GiB"                          # heap of one simulated run; 1GiB if not said
 * quick-memory = "128MiB"                  # 256MiB if not said
 *
 * [[plot]]
 * name = "goodput"                         # of its files
 * title = "Goodput of 64 testers"
 * shows = "How to read the figure, and what to look for."
 * paper = "…"                              # if there is more to say than for the whole plan
 * x = "delay"                              # an input; "at" for places within a run
 * x-label = "one-way delay (ms)"           # with the unit
 * x-unit = "ms"                            # in which values with units are drawn; "%" for shares
 * x-log = false
 * x-nines = false                          # percentiles, as wide from 90 to 99 as from 99 to 99.9
 * y = "goodput"                            # a metric, or a list: a curve for each
 * y-label = "goodput (Mbit/s)"
 * y-factor = 1e-6                          # from what the experiment says to the label's unit
 * y-log = false
 * y-share = false                          # true: in place of the mean the share of the runs in
 *                                          # which the metric is above 0, with its interval of 95 %
 * y-ends = {}                              # where a run says such an interval of a metric itself,
 *                                          # and is the only one: { "lost" = ["low", "high"] }
 * y-words = []                             # on the axis for 0, 1 and so on: ["no", "yes"]
 * series = "configuration"                 # an input or a list: a curve for each combination
 * testbeds = ["sim"]                       # if not every testbed knows the metrics
 * where = { testers = 64 }                 # only these points; a list for several values
 * names = { "local-sync" = "local", "bad-loss" = "loss", "goodput" = "answered" }     # for the legend
 *
 * [[plot.reference]]                       # drawn beside what was measured
 * name = "Mathis, 100 ms"
 * source = "CCR 27(3), 1997"
 * curve = "mathis"                         # needs these two; x is the loss in percent, and
 * round-trip = "100ms"                     # y-factor turns bits a second into the label's unit,
 * unit = "1Mbit"                           # if this does not say it
 * segment = "1448B"
 *
 * [[plot.reference]]
 * name = "an independent emulator"
 * source = "…"
 * points = ["0.1: 4.9", "1: 1.7"]          # "x: y" in the units of the axes
 * line = false                             # true: a bound, without marks at its points
 * where = { rate = "1Gbit" }               # only if all points of the figure are so
 * </pre>
 *
 * <p>An input that has several values in a plot's points must be its {@code x}, in its {@code
 * series} or fixed in {@code where}; this is checked for the full and the quick runs. Where the
 * values of {@code x} are words, they stand side by side. Metrics said by {@code Samples.machine}
 * are named like the others. {@code emulab run --set} adds a table {@code [set]} of inputs, whose
 * values go before all others. Each run has a seed of its own ({@link
 * dev.farshore.emulab.plan.RunSeed}).
 */
package dev.farshore.emulab.plan;
