"""Contract: obfuscation by definition and user: paths, lists, wildcards, patterns."""

from devocollectorsdk.commons.obfuscation_utils import ObfuscationUtils
from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class MaskingPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        event = {
            "owner": {"name": "Ada", "address": {"street": "Elm 1", "city": "Ulm"}},
            "keys": [{"id": 1, "code": "4111-1111-0489"}, {"id": 2, "code": "none"}],
            "age": 41,
            "organic": True,
        }
        self.send_standard_message(retrieving_timestamp, self.tag, event)
        assert event["owner"]["name"] == "Ada"
        masked = ObfuscationUtils.process_json({"a": {"b": "c"}}, [{"name": ["a", "b"]}])
        self.send_standard_message(retrieving_timestamp, self.tag, masked)
        self.persistence_object.save_state({"events": 2})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
