"""As much of geni-lib as the profile uses: nodes, links, and what runs when a node has booted."""


class IPv4Address:
    def __init__(self, address, netmask):
        self.address = address
        self.netmask = netmask


class Execute:
    def __init__(self, shell, command):
        self.shell = shell
        self.command = command


class Interface:
    def __init__(self, name):
        self.name = name
        self.address = None

    def addAddress(self, address):
        self.address = address


class Node:
    def __init__(self, name):
        self.name = name
        self.interfaces = []
        self.services = []

    def addInterface(self, name):
        self.interfaces.append(Interface("%s:%s" % (self.name, name)))
        return self.interfaces[-1]

    def addService(self, service):
        self.services.append(service)


class Lan:
    def __init__(self, name):
        self.name = name
        self.bandwidth = None
        self.interfaces = []

    def addInterface(self, interface):
        self.interfaces.append(interface)


class Request:
    def __init__(self):
        self.nodes = []
        self.lans = []

    def RawPC(self, name):
        self.nodes.append(Node(name))
        return self.nodes[-1]

    def LAN(self, name):
        self.lans.append(Lan(name))
        return self.lans[-1]

    def lines(self):
        for lan in self.lans:
            ends = " ".join("%s=%s" % (i.name, i.address.address) for i in lan.interfaces)
            yield "lan %s at %s: %s" % (lan.name, lan.bandwidth, ends)
        for node in self.nodes:
            yield "node " + node.name
            for service in node.services:
                yield "%s runs %s" % (node.name, service.command)
