"""Contract: a setup that fails is tried again, later and later, until it succeeds.

It raises an exception class of the module's own, with a code and a cause.
"""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)


class MillException(Exception):

    def __init__(self, code: int, cause: str):
        self.code = code
        self.cause = cause

    def __str__(self):
        return f"{self.__class__.__name__}[CODE:{self.code:04d}] {self.cause}"


class RecoveringPullerSetup(CollectorPullerSetupAbstract):

    def setup(self, execution_timestamp):
        tries = self.setup_variables["tries"] = self.setup_variables.get("tries", 0) + 1
        if tries < 3:
            raise MillException(4, f"the river is dry ({tries})")
        self.collector_variables["tries"] = tries


class RecoveringPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        message = {"setup_tries": self.collector_variables["tries"]}
        self.send_standard_message(retrieving_timestamp, self.tag, message)
        self.persistence_object.save_state(message)
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
