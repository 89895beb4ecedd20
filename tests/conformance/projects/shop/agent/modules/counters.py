"""Contract: which modules of which services run, and under which names.

`types`, `default`, `module_type_mandatory`, `enabled`, a service without a body, the
catch-all `custom_service`, the mode of production. Two modules of one service count,
and neither sees the other's state.
"""

from devocollectorsdk.inputs.collector_puller_abstract import CollectorPullerAbstract


class CounterPuller(CollectorPullerAbstract):

    def init_variables(self, input_config, input_definition, service_config,
                       service_definition, module_config, module_definition,
                       submodule_config):
        properties = module_definition.get("module_properties") or {}
        self.tag = properties.get("tag", f"my.app.shop.{self.service_name}")
        self.till = self.__class__.__name__
        self.tag = f"{self.tag}.{self.till}"
        self.settings = None if service_config is None else dict(service_config)
        assert module_definition["class_name"] == f"agent.modules.{self.module_name}"

    def pre_pull(self, retrieving_timestamp):
        self.state = self.persistence_object.load_state() or {}

    def pull(self, retrieving_timestamp):
        self.state[self.till] = self.state.get(self.till, 0) + 1
        message = {
            "till": self.getName(),
            "state": self.state,
            "settings": self.settings,
            "production": self.production_mode,
        }
        self.send_standard_message(retrieving_timestamp, self.tag, message)
        self.persistence_object.save_state(self.state)
        if self.state[self.till] >= 2:
            self.running_flag = False

    def pull_pause(self, wait=None):
        pass

    def pull_stop(self):
        pass


class FirstTillPuller(CounterPuller):
    pass


class SecondTillPuller(CounterPuller):
    pass


class ThirdTillPuller(CounterPuller):
    pass
