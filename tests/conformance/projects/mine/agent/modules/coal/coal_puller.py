"""Contract: the newer layout never calls `create_setup_instance`, which may be there."""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class CoalPuller(CollectorPullerAbstract):

    def create_setup_instance(self, setup_class_name, autosetup_enabled,
                              collector_variables):
        raise RuntimeError("nobody calls this")

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        self.tag = module_definition["module_properties"]["tag"]

    def pre_pull(self, retrieving_timestamp):
        pass

    def pull(self, retrieving_timestamp):
        setup = self.collector_variables["setup"]
        self.send_standard_message("date", f"{self.tag}.{self.submodule_name}",
                                   {"setup": setup})
        self.persistence_object.save_state({"of": self.submodule_name})
        self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass

    def module_finalization(self):
        raise RuntimeError("nobody calls this either")
