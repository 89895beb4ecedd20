"""Contract: a pull that raises, with a setup: the setup runs again before the next."""

from devocollectorsdk.commons.collector_exceptions import PullerPullError
from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)


class BrokenPullSetup(CollectorPullerSetupAbstract):

    def setup(self, execution_timestamp):
        self.collector_variables.setdefault("setups", 0)
        self.collector_variables["setups"] += 1


class BrokenPullPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]
        self.calls = []

    def pre_pull(self, retrieving_timestamp):
        self.calls.append("pre_pull")

    def pull(self, retrieving_timestamp):
        self.calls.append("pull")
        if self.collector_variables["setups"] == 1:
            raise PullerPullError(7, "the wheel is stuck")
        message = {"setups": self.collector_variables["setups"], "calls": self.calls}
        self.send_standard_message(retrieving_timestamp, self.tag, message)
        self.persistence_object.save_state(message)
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
