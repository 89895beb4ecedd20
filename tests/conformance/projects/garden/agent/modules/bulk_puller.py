"""Contract: 10,000 messages in one list; order kept, the queue may be smaller."""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class BulkPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        properties = module_definition["module_properties"]
        self.tag, self.number = properties["tag"], properties["number"]

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        texts = [f"pebble {number:05}" for number in range(self.number)]
        self.send_standard_messages(retrieving_timestamp, self.tag, texts)
        self.persistence_object.save_state({"pebbles": self.number})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
