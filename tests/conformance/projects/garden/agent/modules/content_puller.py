"""Contract: content as text (sent as it is), dict (JSON), and lists that mix them."""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class ContentPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        send = self.send_standard_message
        send(msg_date=retrieving_timestamp, msg_tag=self.tag, msg_content="  as it is ")
        send(retrieving_timestamp, self.tag, {"name": "Zoë", "nested": {"b": [1, None]}})
        send(retrieving_timestamp, self.tag, '{"text": "stays",  "as": "it is"}')
        self.send_standard_messages(
            msg_date=retrieving_timestamp,
            msg_tag=self.tag,
            list_of_messages=["first", {"second": 2}, "third", {"fourth": "ü"}],
        )
        self.send_standard_messages(retrieving_timestamp, self.tag, [])
        self.persistence_object.save_state({"sent": 7})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
