"""Farshore on two sites: a primary, a mirror, and a machine in between that is the wide area.

    west ----- 10.10.1.0/24 ----- wan ----- 10.10.2.0/24 ----- east
    primary, testers              emulab wan                   mirror

Every machine gets the project from the repository that was named, and builds it at its first boot.
The machine "west" then runs the plan that was asked for. Without a repository nothing of this is
done: copy the project to /local/farshore on each machine, and run its emulab/cloudlab/start-up.

Instructions:
Wait until the start-up services have ended ("Finished" in the list view). Log in to "west": the
progress is in /local/farshore.log, the results, with report.html, in /local/results.
"""

import re

import geni.portal as portal
import geni.rspec.pg as pg

IMAGE = "urn:publicid:IDN+emulab.net+image+emulab-ops//UBUNTU24-64-STD"
PLACE = "/local/farshore"
NETMASK = "255.255.255.0"
GIGABIT = 1000000

# Of each machine: the addresses on the west and on the east side of the wide area.
MACHINES = {
    "west": ["10.10.1.1"],
    "wan": ["10.10.1.2", "10.10.2.2"],
    "east": ["10.10.2.1"],
}


def parameters(context):
    """What the person who starts the experiment is asked for."""
    context.defineParameter(
        "repository",
        "Where to clone the project from",
        portal.ParameterType.STRING,
        "",
        longDescription="An address that git clone takes without being asked for a password. "
        "Empty: nothing is installed and no plan is run; copy the project to %s on each machine, "
        "and run emulab/cloudlab/start-up there." % PLACE,
    )
    context.defineParameter(
        "plan",
        "Plan to run",
        portal.ParameterType.STRING,
        "disaster",
        longDescription="A plan of emulab/plans, or empty to run nothing: "
        "log in to west and run emulab/cloudlab/run-plan.",
    )
    context.defineParameter(
        "quick",
        "Quick variant of the plan",
        portal.ParameterType.BOOLEAN,
        True,
        longDescription="Minutes instead of hours.",
    )
    context.defineParameter(
        "hardware",
        "Type of the machines",
        portal.ParameterType.NODETYPE,
        "",
        longDescription="Empty for whatever is free; all three are of the same type.",
    )
    context.defineParameter(
        "rate",
        "Rate of the two local links, kbit/s",
        portal.ParameterType.BANDWIDTH,
        10000000,
        [(0, "Any"), (GIGABIT, "1 Gbit/s"), (10000000, "10 Gbit/s"), (25000000, "25 Gbit/s")],
        longDescription="The rate of the wide area is part of the plan, mostly 1 Gbit/s of IP "
        "packets; with their Ethernet frames these need 1.03 Gbit/s of each link.",
    )
    return context.bindParameters()


def machine(request, name, asked):
    """One machine, which gets the project and prepares itself when it has booted."""
    node = request.RawPC(name)
    node.disk_image = IMAGE
    if asked.hardware:
        node.hardware_type = asked.hardware
    if not asked.repository:
        return node
    command = "test -e %s || git clone -q '%s' %s; " % (PLACE, asked.repository, PLACE)
    command += "exec %s/emulab/cloudlab/start-up %s" % (PLACE, name)
    if name == "west" and asked.plan:
        command += " %s%s" % (asked.plan, " --quick" if asked.quick else "")
    node.addService(pg.Execute(shell="bash", command='sudo sh -c "%s"' % command))
    return node


def check(context, asked):
    """Says what is wrong, and what may not be meant; the latter stops nothing."""
    if not re.fullmatch("[a-z0-9-]*", asked.plan):
        context.reportError(
            portal.ParameterError("A plan is a name like disaster or throughput-loss", ["plan"])
        )
    if not re.fullmatch("[A-Za-z0-9@:/._~+-]*", asked.repository):
        context.reportError(
            portal.ParameterError("An address like https://example.org/farshore.git", ["repository"])
        )
    if not asked.repository:
        context.reportWarning(
            portal.ParameterWarning(
                "Without a repository the machines stay as they are: copy the project to %s on "
                "each of them and run emulab/cloudlab/start-up" % PLACE,
                ["repository"],
            )
        )
    if asked.rate == GIGABIT:
        context.reportWarning(
            portal.ParameterWarning(
                "A wide area of 1 Gbit/s needs more than 1 Gbit/s of Ethernet: the links would "
                "queue before it does. Use run-plan with --set rate=940Mbit",
                ["rate"],
            )
        )
    context.verifyParameters()


def main():
    context = portal.Context()
    asked = parameters(context)
    check(context, asked)
    request = context.makeRequestRSpec()
    links = {}
    for side in ("10.10.1.", "10.10.2."):
        link = request.LAN("near" if side == "10.10.1." else "far")
        if asked.rate:
            link.bandwidth = asked.rate
        link.best_effort = False
        links[side] = link
    for name, addresses in MACHINES.items():
        node = machine(request, name, asked)
        for number, address in enumerate(addresses, 1):
            interface = node.addInterface("if%d" % number)
            interface.addAddress(pg.IPv4Address(address, NETMASK))
            links[address[: address.rindex(".") + 1]].addInterface(interface)
    context.printRequestRSpec(request)


if __name__ == "__main__":
    main()
