"""As much of geni-lib as the profile uses: the portal that asks for parameters.

Values of parameters are arguments like plan=disaster. As in geni-lib, errors end the program before
anything is requested, and warnings do not.
"""

import sys
from types import SimpleNamespace


class ParameterType:
    STRING = str
    NODETYPE = str
    BANDWIDTH = float

    @staticmethod
    def BOOLEAN(text):
        return text == "True"


class ParameterError:
    def __init__(self, message, params):
        self.said = "%s: %s" % (params, message)


class ParameterWarning(ParameterError):
    pass


class Context:
    def __init__(self):
        self.values = {}
        self.errors = []

    def defineParameter(self, name, description, kind, default, legal=None, longDescription=None):
        assert description and longDescription, name
        assert legal is None or default in [value for value, _ in legal], name
        self.values[name] = default
        for argument in sys.argv[1:]:
            if argument.startswith(name + "="):
                self.values[name] = kind(argument[len(name) + 1 :])

    def bindParameters(self):
        return SimpleNamespace(**self.values)

    def reportError(self, error):
        assert type(error) is ParameterError
        self.errors.append(error)

    def reportWarning(self, warning):
        assert type(warning) is ParameterWarning
        print("warning", warning.said)

    def verifyParameters(self):
        for error in self.errors:
            print("error", error.said)
        if self.errors:
            sys.exit(100 + len(self.errors))

    def makeRequestRSpec(self):
        from geni.rspec import pg

        return pg.Request()

    def printRequestRSpec(self, request):
        self.verifyParameters()
        for line in request.lines():
            print(line)
