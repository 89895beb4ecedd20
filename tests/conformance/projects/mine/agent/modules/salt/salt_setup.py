"""Contract: a setup of the older layout, which overrides `__init__` with its 16 + 2
arguments, as releases 1.6 and 1.7 had them.
"""

from agent.inputs.collector_puller_setup_abstract import CollectorPullerSetupAbstract


class SaltSetup(CollectorPullerSetupAbstract):

    def __init__(self, parent_thread, collector_variables, autosetup_enabled, input_id,
                 input_name, input_config, input_definition, service_name, service_type,
                 service_config, service_definition, module_name, module_config,
                 module_definition, persistence_object, internal_queue,
                 submodule_name=None, submodule_config=None):
        super().__init__(
            parent_thread, collector_variables, autosetup_enabled, input_id, input_name,
            input_config, input_definition, service_name, service_type, service_config,
            service_definition, module_name, module_config, module_definition,
            persistence_object, internal_queue, submodule_name, submodule_config)
        self.lamp = "lit"

    def setup(self, execution_timestamp):
        self.collector_variables["lamp"] = self.lamp
        self.collector_variables["by"] = [self.getName(), self.autosetup_enabled]
