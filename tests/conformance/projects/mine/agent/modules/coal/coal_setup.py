"""Contract: setups of releases 1.6 and 1.7 under the newer layout.

They have no argument `execute_only_setup_and_exit`; one names its arguments, one
takes whatever comes.
"""

from devocollectorsdk.inputs.collector_puller_setup_abstract import (
    CollectorPullerSetupAbstract,
)


class CoalSetup(CollectorPullerSetupAbstract):

    def __init__(self, parent_thread, collector_variables, autosetup_enabled, input_id,
                 input_name, input_config, input_definition, service_name, service_type,
                 service_config, service_definition, module_name, module_config,
                 module_definition, persistence_object, internal_queue,
                 submodule_name=None, submodule_config=None):
        super().__init__(
            parent_thread=parent_thread, collector_variables=collector_variables,
            autosetup_enabled=autosetup_enabled, input_id=input_id,
            input_name=input_name, input_config=input_config,
            input_definition=input_definition, service_name=service_name,
            service_type=service_type, service_config=service_config,
            service_definition=service_definition, module_name=module_name,
            module_config=module_config, module_definition=module_definition,
            persistence_object=persistence_object, internal_queue=internal_queue,
            submodule_name=submodule_name, submodule_config=submodule_config)
        self.heat = 900

    def setup(self, execution_timestamp):
        self.collector_variables["setup"] = [
            self.heat, self.submodule_name, self.submodule_config
        ]


class SlagSetup(CollectorPullerSetupAbstract):

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.heat = 1200

    def setup(self, execution_timestamp):
        self.collector_variables["setup"] = [
            self.heat, self.submodule_name, self.submodule_config
        ]
