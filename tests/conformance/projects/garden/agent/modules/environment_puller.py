"""Contract: the input's `environment` is added to dicts, not to texts."""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class EnvironmentPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]
        assert self.environment == input_config["environment"] == "test"

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        event = {"sensor": 1}
        self.send_standard_message(retrieving_timestamp, self.tag, event)
        self.send_standard_messages(retrieving_timestamp, self.tag, ["text", event])
        self.persistence_object.save_state({"events": 3})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
