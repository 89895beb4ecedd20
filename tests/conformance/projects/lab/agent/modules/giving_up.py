"""Setups that end: one gives up, one dies."""

import sys

from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)

from .saving import LabPuller


class GivingUpSetup(CollectorPullerSetupAbstract):
    """Ends its thread, and with it the module, when it has no hope."""

    def setup(self, execution_timestamp):
        self.running_flag = False
        raise PermissionError("the key is gone for good")


class GivingUpPuller(LabPuller):

    def pull(self, retrieving_timestamp):
        raise RuntimeError("pulled without hope")


class DyingSetup(CollectorPullerSetupAbstract):
    """Dies once, by `sys.exit`."""

    deaths = []

    def setup(self, execution_timestamp):
        if not self.deaths:
            self.deaths.append(execution_timestamp)
            sys.exit("out of patience")


class DyingSetupPuller(LabPuller):

    def pull(self, retrieving_timestamp):
        self.send_standard_message("date", self.tag, "made again")
        self.persistence_object.save_state({"done": True})
        self.running_flag = False
