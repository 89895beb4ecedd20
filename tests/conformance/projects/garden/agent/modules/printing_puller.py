"""Contract: a module may print; what it prints is no event."""

import sys

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class PrintingPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]

    def pre_pull(self, retrieving_timestamp):
        print("printed before the first pull")

    def pull(self, retrieving_timestamp):
        print("printed", "in", "a", "pull", end="; ")
        self.send_standard_message(retrieving_timestamp, self.tag, "sent")
        sys.stdout.write("written to stdout\n")
        sys.stdout.flush()
        self.persistence_object.save_state({"printed": 3})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
