"""Contract: one instance for each submodule, told by name and configuration.

Absent property, missing value, dict, list of texts, list of single-key dicts; each
instance has a state of its own, and the setup is told, too.
"""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract
from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)


class FieldPullerSetup(CollectorPullerSetupAbstract):

    def setup(self, execution_timestamp):
        self.collector_variables["seen_by_setup"] = [
            self.submodule_name,
            self.submodule_config,
        ]


class FieldPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = f"my.app.farm.{self.service_name}"
        if self.submodule_name:
            self.tag = f"{self.tag}.{self.submodule_name}"
        self.crop = submodule_config
        assert submodule_config == self.submodule_config

    def pre_pull(self, retrieving_timestamp):
        assert self.persistence_object.load_state() is None

    def pull(self, retrieving_timestamp):
        message = {
            "thread": self.getName(),
            "name": self.submodule_name,
            "config": self.crop,
            "setup": self.collector_variables["seen_by_setup"],
        }
        self.send_standard_message(retrieving_timestamp, self.tag, message)
        self.persistence_object.save_state({"of": self.submodule_name})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
