"""Contract: a puller that uses what its setup left in `collector_variables`."""

from devocollectorsdk.inputs.collector_puller_abstract import *


class TokenPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.__properties = module_definition["module_properties"]
        # The setup is made after this method: it can be prepared for it here.
        self.collector_variables["prepared"] = True
        assert self.setup_instance is None

    def pre_pull(self, retrieving_timestamp):
        assert self.setup_instance.ready_to_collect
        assert self.collector_variables["prepared"]
        # The definition's number wins over the input's, and is only handed on.
        assert self.collector_variables["requests_per_second"] == 7
        self.__used = []

    def pull(self, retrieving_timestamp):
        if self.collector_variables["token_is_fresh"]:
            self.__used.append(self.collector_variables["token"])
            self.send_standard_message(
                retrieving_timestamp, self.__properties["tag"], {"used": self.__used[-1]}
            )
            self.persistence_object.save_state({"used": self.__used})
            self.collector_variables["token_is_fresh"] = False
        if len(self.__used) == self.__properties["tokens"]:
            self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass
